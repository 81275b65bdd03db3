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

/// An IPv4 or IPv6 address with its port, or the address of a Unix-domain socket. A value: copies are independent.
///
/// It prints as Python prints it: `('127.0.0.1', 59850)`, for IPv6 `('::1', 59850, 0, 0)`, for a Unix-domain socket
/// `'/run/chat.sock'`, for an abstract one `b'\x00chat'`, and for one without a name `''`.
class Address {
 public:
  /// Looks a host up and joins it with a port. May wait for the resolver, so do it before the loop.
  ///
  /// @param host a name or a numeric address. A name is looked up in IPv4 only; a numeric IPv6 address (it has a
  ///   colon) gives an IPv6 address. `localhost` and names below it are 127.0.0.1 whatever the resolver says (RFC 6761,
  ///   section 6.3), and never ::1. An empty host is every interface of this machine (0.0.0.0), as in Python.
  /// @param port 0 to 65535; 0 lets `bind` choose a free one.
  /// @throws std::system_error if the host is not known or the resolver fails (getaddrinfo(3)).
  Address(std::string_view host, std::uint16_t port);

  /// The address of a Unix-domain socket. Binding to a path makes a file there, which stays until somebody removes it.
  /// @param path at most 107 bytes. With a zero byte at its front it is an abstract name (Linux), which is no file and
  ///   ends with its socket. An empty path has no name; binding to it lets Linux choose an abstract one.
  /// @throws ValueError if the path is too long, or has a zero byte elsewhere and is not abstract.
  [[nodiscard]] static Address unix_domain(std::string_view path);

  /// The address that the kernel wrote into a `sockaddr`.
  /// @param sockaddr points to at least `size` bytes of a `sockaddr_in`, `sockaddr_in6` or `sockaddr_un`.
  /// @param size what the kernel said the size is, in bytes.
  /// @throws ValueError if it is of another family.
  [[nodiscard]] static Address from_sockaddr(const void* sockaddr, std::size_t size);

  /// @cond
  Address(const Address& other);
  Address(Address&& other) noexcept;
  Address& operator=(const Address& other) { return *this = Address(other); }
  Address& operator=(Address&& other) noexcept;
  ~Address();
  /// @endcond

  /// Which kind it is.
  [[nodiscard]] Family family() const;

  /// The numeric host: `127.0.0.1`, `::1`. Of a Unix-domain socket the path, the abstract name with its zero byte, or
  /// nothing.
  [[nodiscard]] std::string host() const;

  /// The port in host byte order, 0 to 65535; 0 for a Unix-domain socket.
  [[nodiscard]] std::uint16_t port() const;

  /// The `sockaddr` for a system call, valid as long as this address is.
  [[nodiscard]] const void* data() const;

  /// The size of that `sockaddr` in bytes.
  [[nodiscard]] std::size_t size() const;

  /// True if family, host, port and scope are the same.
  friend bool operator==(const Address& a, const Address& b);

 private:
  Address() = default;

  [[nodiscard]] std::string* name() const noexcept;
  void set_name(std::unique_ptr<std::string> bytes) noexcept;

  // sockaddr_in6 has 28 bytes; the 110 of sockaddr_un, which few need, would weigh on every connection. Where that has
  // a name, all its bytes are kept apart, and a pointer to them stands here behind the family.
  alignas(4) std::array<std::byte, 28> storage_{};
};

/// The address as Python prints it.
[[nodiscard]] std::string to_string(const Address& address);

/// Prints to_string(address).
std::ostream& operator<<(std::ostream& stream, const Address& address);

}  // namespace selectors
