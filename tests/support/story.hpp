// What happened in a test so far, told when it fails.
#pragma once

#include <poll.h>

#include <chrono>
#include <iosfwd>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace support {

using Clock = std::chrono::steady_clock;

/// Lets so much time pass, where time is what the test is about.
inline void pass(std::chrono::milliseconds time) { poll(nullptr, 0, static_cast<int>(time.count())); }

/// Looks again every few milliseconds until `condition` holds, or patience is at its end: then false.
template <class Condition>
bool eventually(std::chrono::milliseconds patience, const Condition& condition) {
  const auto end = Clock::now() + patience;
  while (!condition()) {
    if (Clock::now() > end) return false;
    pass(std::chrono::milliseconds(5));
  }
  return true;
}

/// What was expected did not happen. The text is the whole story; `instead` is only what happened in its place.
class Failed : public std::runtime_error {
 public:
  Failed(const std::string& story, std::string expected, std::string instead);

  const std::string& expected() const { return expected_; }
  const std::string& instead() const { return instead_; }

 private:
  std::string expected_;
  std::string instead_;
};

/// The steps of one test in the order in which they happened.
class Story {
 public:
  /// @param patience no wait is longer than this; a test that meets it has failed.
  /// @param live where each step is written as it happens, besides.
  explicit Story(std::chrono::milliseconds patience = std::chrono::seconds(10), std::ostream* live = nullptr)
      : patience_(patience), live_(live) {}

  /// Adds a step: who did it, and what.
  void tell(std::string_view who, const std::string& what);

  /// Ends the test: throws Failed with the story so far, what was expected and what there was instead.
  [[noreturn]] void fail(const std::string& expected, const std::string& instead) const;

  /// fail() unless the condition holds.
  void expect(bool condition, const std::string& expected, const std::string& instead) const {
    if (!condition) fail(expected, instead);
  }

  /// Ends the test here if the programs under test are built for Windows: what comes next cannot be had there. CTest
  /// counts the test as skipped.
  void needs_posix(const std::string& why) const;

  /// When a wait that begins now is at its end.
  Clock::time_point deadline() const { return Clock::now() + patience_; }

  /// Looks again every few milliseconds until `condition` holds, or patience is at its end: then false.
  template <class Condition>
  bool eventually(const Condition& condition) const {
    return support::eventually(patience_, condition);
  }

 private:
  std::chrono::milliseconds patience_;
  std::ostream* live_;
  std::vector<std::string> steps_;
};

/// True if the programs under test are built for Windows, and run under Wine (`SELECTORS_TESTED=windows`).
bool tested_on_windows();

/// Bytes as a literal, shortened in the middle if they are many.
std::string shown(std::string_view bytes);

/// How long until the deadline, in whole milliseconds for poll(2), never negative.
int milliseconds_until(Clock::time_point deadline);

}  // namespace support
