// What is measured in which order: each configuration in rounds, in each round every contestant once.
#pragma once

#include "contestants.hpp"
#include "report/results.hpp"

#include <functional>
#include <string>
#include <vector>

namespace bench {

/// What one measurement has brought.
struct Measured {
  std::string measure;
  double value;
  std::string unit;
};

/// One that takes part in a configuration.
struct Entrant {
  std::string name;
  std::function<std::vector<Measured>()> measure;
};

/// A configuration of a workload.
struct Step {
  std::string workload;
  std::string configuration;
  int rounds;
  double seconds;  ///< What one measurement takes, roughly: for telling how much is left.
  std::vector<Entrant> entrants;
};

/// How long and how much is measured.
struct Scale {
  bool quick = false;
  int rounds = 5;

  template <class Value>
  Value pick(Value full, Value short_one) const {
    return quick ? short_one : full;
  }
};

using Steps = std::vector<Step>;

Steps hot_and_dispatch(const std::string& workload, const std::vector<Contestant>& all, const Scale& scale);
Steps ctl(const std::vector<Contestant>& all, const Scale& scale);
Steps echo(const std::vector<Contestant>& all, const Scale& scale);
Steps chat(const std::vector<Contestant>& all, const Scale& scale);
Steps slow(const std::vector<Contestant>& all, const Scale& scale);
Steps memory(const std::vector<Contestant>& all, const Scale& scale);
Steps count_instructions(const std::vector<Contestant>& all, const Scale& scale);
Steps count_calls(const std::vector<Contestant>& all, const Scale& scale);
Steps growth(const std::vector<Contestant>& all, const Scale& scale);

/// Measures them all. What fails is a sample too, and is not tried again.
/// @returns false if something failed.
bool measure(const Steps& steps, Results& results);

}  // namespace bench
