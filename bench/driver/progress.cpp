#include "progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>

namespace bench {

Progress::Progress(const Steps& steps) : terminal_(isatty(STDERR_FILENO) != 0) {
  for (const auto& step : steps) all_ += step.seconds * step.rounds * static_cast<double>(step.entrants.size());
}

Progress::~Progress() {
  if (terminal_) show("");
}

void Progress::begin(const Step& step, int round, const std::string& contestant) {
  if (terminal_)
    show(left() + step.workload + ", " + step.configuration + ": round " + std::to_string(round + 1) + " of " +
         std::to_string(step.rounds) + ", " + contestant);
  else if (step.workload != workload_)
    std::cerr << passed() << " s, " << left() << step.workload << std::endl;
  workload_ = step.workload;
}

int Progress::passed() const {
  return static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(support::Clock::now() - begin_).count());
}

void Progress::done(const Step& step) { done_ += step.seconds; }

/// ` 42 %, 63 s left: `. The guesses are put right by what it took so far.
std::string Progress::left() const {
  const double passed = std::chrono::duration<double>(support::Clock::now() - begin_).count();
  const double pace = done_ > 2 ? passed / done_ : 1;
  const int percent = all_ > 0 ? static_cast<int>(100 * done_ / all_) : 0;
  return std::to_string(percent) + " %, " + std::to_string(std::lround((all_ - done_) * pace)) + " s left: ";
}

void Progress::show(const std::string& line) const { std::cerr << '\r' << line << "\x1b[K" << std::flush; }

}  // namespace bench
