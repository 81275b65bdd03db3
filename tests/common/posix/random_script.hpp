// The dice of the randomized test, and what they have led to so far.
#pragma once

#include <selectors/events.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace random_test {

/// One seed, one course of things.
class Script {
 public:
  explicit Script(std::uint64_t seed) : random_(seed) {}

  /// A number from 0 to `bound` - 1. Not a std::uniform_int_distribution, which is another one in each library.
  std::size_t pick(std::size_t bound) { return static_cast<std::size_t>(random_() % bound); }

  /// True once in so many times.
  bool once_in(std::size_t times) { return pick(times) == 0; }

  /// EVENT_READ, EVENT_WRITE or both.
  selectors::EventMask events() { return selectors::EventMask(static_cast<unsigned>(1 + pick(3))); }

  /// A step: something is done to the selector or a socket, or an event comes.
  void note(const char* what, int fd = -1, selectors::EventMask events = {}) {
    steps_[count_++ % steps_.size()] = {what, fd, events};
  }

  /// How many steps there were.
  std::uint64_t count() const { return count_; }

  /// The last of them, one in a line.
  std::string last_steps() const {
    std::string text;
    for (std::uint64_t step = count_ - std::min<std::uint64_t>(count_, steps_.size()); step < count_; ++step) {
      const auto& [what, fd, events] = steps_[step % steps_.size()];
      text += "step " + std::to_string(step + 1) + ": " + what;
      if (fd >= 0) text += " " + std::to_string(fd);
      if (events) text += ", events " + std::to_string(events.bits());
      text += '\n';
    }
    return text;
  }

 private:
  struct Step {
    const char* what = "";
    int fd = -1;
    selectors::EventMask events;
  };

  std::mt19937_64 random_;
  std::uint64_t count_ = 0;
  std::array<Step, 60> steps_;
};

}  // namespace random_test
