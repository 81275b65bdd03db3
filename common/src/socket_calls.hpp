#pragma once

#include <selectors/address.hpp>

#include "os.hpp"
#include "system_call.hpp"

#include <limits>
#include <string>

namespace selectors {

inline std::string on_fd(const char* call, int fd) {
  return std::string(call) + " on " + (fd < 0 ? "a closed socket" : "fd " + std::to_string(fd));
}

inline const sockaddr* as_sockaddr(const Address& address) { return static_cast<const sockaddr*>(address.data()); }

inline socklen_t size_of(const Address& address) { return static_cast<socklen_t>(address.size()); }

/// Room for an address that the kernel writes.
struct KernelAddress {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;

  [[nodiscard]] sockaddr* data() { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] Address address() const { return Address::from_sockaddr(&storage, static_cast<std::size_t>(size)); }
};

inline void set_option(int fd, int level, int option, int value, const char* attempt) {
  checked(os::setsockopt(fd, level, option, &value, sizeof value), [&] { return on_fd(attempt, fd); });
}

inline int get_option(int fd, int level, int option, const char* attempt) {
  int value = 0;
  socklen_t size = sizeof value;
  checked(os::getsockopt(fd, level, option, &value, &size), [&] { return on_fd(attempt, fd); });
  return value;
}

/// Returns a duration as the kernel takes it. If it does not fit into an int, it becomes -1, which the kernel refuses.
template <class Duration>
int as_option(Duration length) {
  return length.count() < 0 || length.count() > std::numeric_limits<int>::max() ? -1 : static_cast<int>(length.count());
}

}  // namespace selectors
