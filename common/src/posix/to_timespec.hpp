#pragma once

#include <chrono>
#include <ctime>

namespace selectors {

inline timespec to_timespec(std::chrono::nanoseconds length) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(length);
  return {seconds.count(), (length - seconds).count()};
}

}  // namespace selectors
