#pragma once

#include <selectors/facility.hpp>

#include "os.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace selectors {

/// Throws what the last system call left in `errno`, saying what was attempted on what.
[[noreturn]] inline void throw_errno(const std::string& attempt) { throw std::system_error(os::error(errno), attempt); }

/// The result of a system call, or the exception if it is negative. `attempt` makes the text only when it is needed.
template <class Attempt>
int checked(int result, const Attempt& attempt) {
  if (result < 0) throw_errno(attempt());
  return result;
}

/// Calls again for as long as a signal interrupts.
template <class Call>
auto retried(const Call& call) {
  while (true) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

/// Waits in the kernel. A signal ends a wait early; but interrupted, one that only looks has not looked.
template <class Wait>
auto wait_or_look(const Timeout& timeout, const Wait& wait) {
  return timeout.only_looks() ? retried(wait) : wait();
}

}  // namespace selectors
