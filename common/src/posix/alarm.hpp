#pragma once

#include "descriptor.hpp"
#include "to_timespec.hpp"

#ifdef __linux__
#include <sys/timerfd.h>
#endif

#include <chrono>

namespace selectors {

/// A descriptor that becomes readable when a time has passed. After SIGSTOP and SIGCONT the kernel takes select(2) up
/// again with the time that was left when it stopped, as if no time had passed since; but it looks at this descriptor
/// first.
#ifdef __linux__
class Alarm {
 public:
  /// Sets it anew.
  /// @param length from now on, more than 0.
  /// @return its number, owned here; or -1 if there is none to be had, and the wait has to do without.
  [[nodiscard]] int set(std::chrono::nanoseconds length) noexcept {
    const itimerspec time{{}, to_timespec(length)};
    return timerfd_settime(timer_.fileno(), 0, &time, nullptr) == 0 ? timer_.fileno() : -1;
  }

 private:
  Descriptor timer_{timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)};
};
#else
class Alarm {
 public:
  /// Elsewhere there is none, and a wait may last longer by the time it was stopped.
  [[nodiscard]] int set(std::chrono::nanoseconds) noexcept { return -1; }
};
#endif

}  // namespace selectors
