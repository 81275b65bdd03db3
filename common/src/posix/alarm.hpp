#pragma once

#include "descriptor.hpp"
#include "to_timespec.hpp"

#ifdef __linux__
#include <sys/timerfd.h>
#endif

#include <chrono>

namespace selectors {

/// A descriptor that becomes readable when a time has passed. After SIGSTOP and SIGCONT, the kernel continues select(2)
/// with the time that was left at the stop, as if no time had passed; but it checks this descriptor first.
#ifdef __linux__
class Alarm {
 public:
  /// Sets it again.
  /// @param length from now on, more than 0.
  /// @return its number, owned here; or -1 if there is none, and the wait has to do without it.
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
  /// Other systems have none: there a wait may last longer by the time for which the program was stopped.
  [[nodiscard]] int set(std::chrono::nanoseconds) noexcept { return -1; }
};
#endif

}  // namespace selectors
