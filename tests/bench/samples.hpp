// A run made up for the tests.
#pragma once

#include "report/names.hpp"
#include "report/results.hpp"

#include <cmath>
#include <initializer_list>

namespace bench {

/// The rounds of one contestant.
inline void add(Results& results, const std::string& contestant, std::initializer_list<double> rounds,
                const std::string& workload = "hot", const std::string& configuration = active_of(100, 100),
                const std::string& measure = per_event) {
  int round = 0;
  for (const double value : rounds)
    results.samples.push_back({workload, configuration, contestant, round++, measure, value, "ns"});
}

/// The same but for the last digits. (Catch2 has a word for it, in another place in each of its versions.)
inline bool near(double a, double b) { return std::fabs(a - b) < 1e-6; }

inline Results run_of(const std::string& name) {
  Results results{.run = name, .machine = "a machine, \"fast\"", .about = {"a machine", "libuv: not installed"}};
  add(results, "raw", {100, 200, 100});
  add(results, "ours", {102, 300, 101});
  add(results, "libuv", {110, 210, 109});
  return results;
}

}  // namespace bench
