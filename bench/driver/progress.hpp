// What is being measured, told to whoever waits: on a terminal one line that is written again and again, elsewhere one
// line for each workload.
#pragma once

#include "plan.hpp"

#include "support/story.hpp"

#include <string>

namespace bench {

class Progress {
 public:
  explicit Progress(const Steps& steps);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// This is measured next.
  void begin(const Step& step, int round, const std::string& contestant);

  /// So much of it is done, or will not be.
  void done(const Step& step);

 private:
  void show(const std::string& line) const;
  int passed() const;
  std::string left() const;

  support::Clock::time_point begin_ = support::Clock::now();
  double all_ = 0;   // seconds, as the steps guess
  double done_ = 0;  // the same
  bool terminal_;
  std::string workload_ = {};
};

}  // namespace bench
