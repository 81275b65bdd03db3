// What happened in a test so far, told when it fails.
#pragma once

#include <poll.h>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace support {

using Clock = std::chrono::steady_clock;

/// No wait in a test is longer than this; a test that meets it has failed.
inline constexpr std::chrono::seconds patience{10};

/// The steps of one test in the order in which they happened.
class Story {
 public:
  /// Adds a step: who did it, and what.
  void tell(std::string_view who, const std::string& what);

  /// Ends the test: prints the story so far, then what was expected and what there was instead.
  [[noreturn]] void fail(const std::string& expected, const std::string& instead) const;

  /// fail() unless the condition holds.
  void expect(bool condition, const std::string& expected, const std::string& instead) const {
    if (!condition) fail(expected, instead);
  }

 private:
  std::vector<std::string> steps_;
};

/// Bytes as a literal, shortened in the middle if they are many.
std::string shown(std::string_view bytes);

/// How long until the deadline, in whole milliseconds for poll(2), never negative.
int milliseconds_until(Clock::time_point deadline);

/// Looks again every few milliseconds until `condition` holds, or patience is at its end: then false.
template <class Condition>
bool eventually(const Condition& condition) {
  const auto deadline = Clock::now() + patience;
  while (!condition()) {
    if (Clock::now() > deadline) return false;
    poll(nullptr, 0, 5);
  }
  return true;
}

}  // namespace support
