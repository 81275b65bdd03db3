#include "plan.hpp"

#include "progress.hpp"
#include "running.hpp"

#include <set>

namespace bench {

bool measure(const Steps& steps, Results& results) {
  Progress progress(steps);
  bool good = true;
  for (const auto& step : steps) {
    std::set<std::string> out;  // does not offer it, or has failed
    for (int round = 0; round < step.rounds; ++round)
      for (std::size_t i = 0; i < step.entrants.size(); ++i) {
        // Another one begins each time: who comes first has the caches of somebody else.
        const auto& entrant = step.entrants[(i + static_cast<std::size_t>(round)) % step.entrants.size()];
        if (!out.contains(entrant.name)) {
          progress.begin(step, round, entrant.name);
          try {
            for (auto& [measure, value, unit] : entrant.measure())
              results.samples.push_back({step.workload, step.configuration, entrant.name, round, measure, value, unit});
          } catch (const NotOffered&) {
            out.insert(entrant.name);
          } catch (const Interrupted&) {
            throw;
          } catch (const std::exception& error) {
            check_interrupted();  // it may have failed because we are to end
            out.insert(entrant.name);
            results.samples.push_back(
                {step.workload, step.configuration, entrant.name, round, failed, 0, error.what()});
            good = false;
          }
        }
        progress.done(step);
      }
  }
  return good;
}

}  // namespace bench
