#pragma once

#include "system_call.hpp"

#include <fcntl.h>

#include <chrono>
#include <ctime>

namespace selectors {

/// What epoll and kqueue say themselves, poll and select would say only when they wait: that a number is not open.
inline void require_open_fd(int fd) {
  checked(fcntl(fd, F_GETFD), [fd] { return "register fd " + std::to_string(fd); });
}

inline timespec to_timespec(std::chrono::nanoseconds length) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(length);
  return {seconds.count(), (length - seconds).count()};
}

}  // namespace selectors
