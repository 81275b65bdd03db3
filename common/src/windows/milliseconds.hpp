#pragma once

#include <selectors/facility.hpp>

#include "os.hpp"

#include <algorithm>
#include <limits>

namespace selectors {

/// Returns a time as WSAPoll takes it: rounded up, so that no wait ends early; -1 means forever.
inline int milliseconds(const Timeout& timeout) {
  if (!timeout.length()) return -1;
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(*timeout.length()).count();
  return static_cast<int>(std::min<std::int64_t>(whole, std::numeric_limits<int>::max()));
}

/// Waits without sockets, which Winsock cannot do.
inline int wait_for_nothing(const Timeout& timeout) {
  Sleep(static_cast<DWORD>(milliseconds(timeout)));  // -1 is INFINITE
  return 0;
}

}  // namespace selectors
