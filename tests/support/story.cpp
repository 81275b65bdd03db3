#include "story.hpp"

#include <lesson/terminal.hpp>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <utility>

namespace support {

Failed::Failed(const std::string& story, std::string expected, std::string instead)
    : std::runtime_error("the story so far:\n" + story + "expected: " + expected + "\nbut:      " + instead),
      expected_(std::move(expected)),
      instead_(std::move(instead)) {}

void Story::tell(std::string_view who, const std::string& what) {
  std::string name(who);
  name.resize(std::max<std::size_t>(name.size() + 1, 22), ' ');
  steps_.push_back("  " + name + what);
  if (live_ != nullptr) *live_ << steps_.back() << std::endl;
}

void Story::fail(const std::string& expected, const std::string& instead) const {
  std::string text;
  constexpr std::size_t most = 60;
  if (steps_.size() > most) text += "  … " + std::to_string(steps_.size() - most) + " earlier steps\n";
  for (std::size_t i = steps_.size() > most ? steps_.size() - most : 0; i < steps_.size(); ++i)
    text += steps_[i] + '\n';
  throw Failed(text, expected, instead);
}

void Story::needs_posix(const std::string& why) const {
  if (tested_on_windows()) fail("not on Windows: " + why, "the test ends here");
}

bool tested_on_windows() {
  const char* const system = std::getenv("SELECTORS_TESTED");
  return system != nullptr && std::string_view(system) == "windows";
}

std::string shown(std::string_view bytes) {
  constexpr std::size_t most = 60;
  std::string text;
  if (bytes.size() <= most) {
    lesson::repr(bytes).append_to(text);
    return text;
  }
  lesson::repr(bytes.substr(0, most / 2)).append_to(text);
  text += " … ";
  lesson::repr(bytes.substr(bytes.size() - most / 2)).append_to(text);
  return text + " (" + std::to_string(bytes.size()) + " bytes)";
}

int milliseconds_until(Clock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

}  // namespace support
