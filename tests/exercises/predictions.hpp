// Predictions: the student's program prints one in each line, the real program is run, and the two are compared.
#pragma once

#include "exercise.hpp"

#include <sstream>
#include <vector>

namespace exercise {

/// What the student predicts, in the order of the questions.
class Predictions {
 public:
  /// @param count how many questions there are.
  Predictions(support::Story& story, std::size_t count) : story_(story) {
    support::Program student(story, program());
    std::istringstream text(student.rest());
    for (std::string line; std::getline(text, line);) lines_.push_back(line);
    story.expect(lines_.size() == count, "one line for each of the " + std::to_string(count) + " questions",
                 "there are " + std::to_string(lines_.size()));
    for (std::size_t i = 0; i < count; ++i)
      story.expect(lines_[i] != "?", "a prediction of yours in place of each \"?\"",
                   "question " + std::to_string(i + 1) + " has none; nothing is given away before");
  }

  /// The next prediction, beside what really happened.
  void compare(const std::string& really) {
    const std::string& predicted = lines_.at(next_++);
    story_.expect(predicted == really, "what you predicted for question " + std::to_string(next_) + ": " + predicted,
                  "really it is: " + really);
  }

  /// The same for a number.
  void compare(std::size_t really) { compare(std::to_string(really)); }

 private:
  support::Story& story_;
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
};

/// How many lines of the text begin like this.
inline std::size_t lines_with(const std::string& text, const std::string& beginning) {
  std::istringstream lines(text);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line);) count += line.starts_with(beginning) ? 1U : 0U;
  return count;
}

/// The last line of the text.
inline std::string last_line(const std::string& text) {
  std::istringstream lines(text);
  std::string last;
  for (std::string line; std::getline(lines, line);) last = line;
  return last;
}

}  // namespace exercise
