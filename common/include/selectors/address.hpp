/// @file
/// Internet addresses, printed as Python prints them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace selectors {

/// The address family of a socket: IPv4 or IPv6.
enum class Family : std::uint8_t {
  inet,   ///< `AF_INET`.
  inet6,  ///< `AF_INET6`.
};

/// An IPv4 or IPv6 address (ip(7), ipv6(7)) with its port. A value: copies are independent, nothing is owned.
///
/// It prints as Python prints the tuple: `('127.0.0.1', 59850)`, and for IPv6 `('::1', 59850, 0, 0)`.
class Address {
 public:
  /// Looks a host up and joins it with a port. May wait for the resolver, so do it before the loop.
  ///
  /// @param host a name or a numeric address. A name is looked up in IPv4 only, so that `localhost`
  ///   is 127.0.0.1 and never ::1 (in which order others try them, says RFC 6724); a numeric IPv6 address (it has a
  ///   colon) gives an IPv6 address.
  /// @param port 0 to 65535; 0 lets `bind` choose a free one.
  /// @throws std::system_error if the host is not known or the resolver fails (getaddrinfo(3)).
  Address(std::string_view host, std::uint16_t port);

  /// The address that the kernel wrote into a `sockaddr`.
  /// @param sockaddr points to at least `size` bytes of a `sockaddr_in` or `sockaddr_in6`.
  /// @param size what the kernel said the size is, in bytes.
  /// @throws ValueError if it is of another family (a Unix socket's, say).
  [[nodiscard]] static Address from_sockaddr(const void* sockaddr, std::size_t size);

  /// IPv4 or IPv6.
  [[nodiscard]] Family family() const;

  /// The numeric host: `127.0.0.1`, `::1`.
  [[nodiscard]] std::string host() const;

  /// The port in host byte order, 0 to 65535.
  [[nodiscard]] std::uint16_t port() const;

  /// The `sockaddr` for a system call, valid as long as this address is.
  [[nodiscard]] const void* data() const { return storage_.data(); }

  /// The size of that `sockaddr` in bytes.
  [[nodiscard]] std::size_t size() const;

  /// True if family, host, port and scope are the same.
  friend bool operator==(const Address&, const Address&) = default;

 private:
  Address() = default;

  // sockaddr_in6, the larger of the two, has 28 bytes; sockaddr_storage's 128 would weigh on every connection.
  alignas(4) std::array<std::byte, 28> storage_{};
};

/// The address as Python prints it: `('127.0.0.1', 59850)`.
[[nodiscard]] std::string to_string(const Address& address);

/// Prints to_string(address).
std::ostream& operator<<(std::ostream& stream, const Address& address);

}  // namespace selectors
