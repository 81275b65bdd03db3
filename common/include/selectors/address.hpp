/// @file
/// The addresses of sockets, printed as Python prints them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace selectors {

/// The address family of a socket.
enum class Family : std::uint8_t {
  inet,         ///< `AF_INET`, ip(7).
  inet6,        ///< `AF_INET6`, ipv6(7).
  unix_domain,  ///< `AF_UNIX`, unix(7): within one machine.
};

/// An IPv4 or IPv6 address with its port, or the address of a Unix-domain socket. It is a value: copies are
/// independent.
///
/// It prints as in Python: `('127.0.0.1', 59850)`, for IPv6 `('::1', 59850, 0, 0)`, for a Unix-domain socket
/// `'/run/chat.sock'`, for an abstract one `b'\x00chat'`, and for one without a name `''`.
class Address {
 public:
  /// Looks up a host and combines it with a port. It may wait for the resolver, so call it before the loop.
  ///
  /// @param host a name or a numeric address. A name is looked up in IPv4 only; a numeric IPv6 address (it has a colon)
  ///   makes an IPv6 address. `localhost` and names below it are 127.0.0.1 whatever the resolver says (RFC 6761,
  ///   section 6.3), and never ::1. An empty host means every interface of this machine (0.0.0.0), as in Python.
  /// @param port 0 to 65535; 0 lets `bind` choose a free port.
  /// @throws std::system_error if the host is not known or the resolver fails (getaddrinfo(3)).
  Address(std::string_view host, std::uint16_t port);

  /// Makes the address of a Unix-domain socket. Binding to a path makes a file there, which stays until somebody
  /// removes it.
  /// @param path at most 107 bytes. If it begins with a zero byte, it is an abstract name (Linux), which is not a file
  ///   and disappears with its socket. An empty path means no name; Linux chooses an abstract name if you bind to it.
  /// @throws ValueError if the path is too long, or if it contains a zero byte and is not abstract.
  [[nodiscard]] static Address unix_domain(std::string_view path);

  /// Makes an address from a `sockaddr` that the kernel has written.
  /// @param sockaddr points to at least `size` bytes of a `sockaddr_in`, `sockaddr_in6` or `sockaddr_un`.
  /// @param size its size in bytes, as the kernel reported it.
  /// @throws ValueError if it is of another family.
  [[nodiscard]] static Address from_sockaddr(const void* sockaddr, std::size_t size);

  /// @cond
  Address(const Address& other);
  Address(Address&& other) noexcept;
  Address& operator=(const Address& other) { return *this = Address(other); }
  Address& operator=(Address&& other) noexcept;
  ~Address();
  /// @endcond

  /// Returns the address family.
  [[nodiscard]] Family family() const;

  /// Returns the numeric host: `127.0.0.1`, `::1`. For a Unix-domain socket, the path, the abstract name with its zero
  /// byte, or an empty string.
  [[nodiscard]] std::string host() const;

  /// Returns the port in host byte order, 0 to 65535; 0 for a Unix-domain socket.
  [[nodiscard]] std::uint16_t port() const;

  /// Returns the `sockaddr` for a system call. This address owns it; it is valid as long as this address exists.
  [[nodiscard]] const void* data() const;

  /// Returns the size of that `sockaddr` in bytes.
  [[nodiscard]] std::size_t size() const;

  /// Returns true if family, host, port and scope are the same.
  friend bool operator==(const Address& a, const Address& b);

 private:
  Address() = default;

  [[nodiscard]] std::string* name() const noexcept;
  void set_name(std::unique_ptr<std::string> bytes) noexcept;

  // sockaddr_in6 needs 28 bytes. The 110 bytes of sockaddr_un, which few addresses need, would make every connection
  // larger. So a Unix-domain address that has a name keeps all its bytes elsewhere, and here, behind the family, only a
  // pointer to them.
  alignas(4) std::array<std::byte, 28> storage_{};
};

/// Returns the address as Python prints it.
[[nodiscard]] std::string to_string(const Address& address);

/// Prints to_string(address).
std::ostream& operator<<(std::ostream& stream, const Address& address);

}  // namespace selectors
