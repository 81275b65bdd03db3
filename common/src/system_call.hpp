#pragma once

#include <selectors/facility.hpp>

#include "os.hpp"

#include <cerrno>
#include <string>
#include <system_error>

namespace selectors {

/// Throws the error that the last system call left in `errno`. `attempt` says what was attempted, and on what.
[[noreturn]] inline void throw_errno(const std::string& attempt) { throw std::system_error(os::error(errno), attempt); }

/// Returns the result of a system call, or throws if it is negative. `attempt` builds the text only when it is needed.
template <class Attempt>
int checked(int result, const Attempt& attempt) {
  if (result < 0) throw_errno(attempt());
  return result;
}

/// Repeats a call as long as a signal interrupts it.
template <class Call>
auto retried(const Call& call) {
  while (true) {
    const auto result = call();
    if (result >= 0 || errno != EINTR) return result;
  }
}

/// Waits in the kernel. A signal may end a wait early. A wait of length 0 is repeated instead: interrupted, it has not
/// looked.
template <class Wait>
auto wait_or_look(const Timeout& timeout, const Wait& wait) {
  return timeout.only_looks() ? retried(wait) : wait();
}

}  // namespace selectors
