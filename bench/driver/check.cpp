#include "check.hpp"

#include "counts.hpp"
#include "plan.hpp"
#include "report/limits.hpp"
#include "report/names.hpp"
#include "running.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <stdexcept>

namespace bench {
namespace {

int skipped(const std::string& why) {
  const char* const strict = std::getenv("SELECTORS_NO_SKIP");
  if (strict != nullptr && std::string(strict) == "1") {
    std::cout << why << ", and nothing may be skipped here\n";
    return 1;
  }
  std::cout << "skipped: " << why << '\n';
  return 77;
}

/// The one measurement of the run's steps that the limit is about.
double measured(const Limit& limit, const Steps& steps) {
  for (const auto& step : steps)
    for (const auto& entrant : step.entrants)
      if (step.workload == limit.workload && step.configuration == limit.configuration &&
          entrant.name == limit.contestant)
        return entrant.measure().front().value;
  throw std::runtime_error("there is no such contestant in this build");
}

}  // namespace

int check(const std::vector<Contestant>& all) {
  for (const auto& why : {no_callgrind(), no_strace()})
    if (!why.empty()) return skipped(why);
  Steps steps = count_instructions(all, {});
  for (auto& step : count_calls(all, {})) steps.push_back(std::move(step));
  bool good = true;
  for (const auto& limit : limits()) {
    try {
      const double value = measured(limit, steps);
      std::cout << limit.told(value) << std::endl;
      good = good && limit.holds(value);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      std::cout << limit.workload << ", " << limit.configuration << ": " << limit.contestant << ": " << error.what()
                << ": NOT SO" << std::endl;
      good = false;
    }
  }
  return good ? 0 : 1;
}

}  // namespace bench
