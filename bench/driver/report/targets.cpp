#include "targets.hpp"

#include "names.hpp"
#include "statistics.hpp"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

/// The figures of one contestant that a target is about: the first of each configuration, as far as they are there.
std::vector<double> values(const Target& target, const std::string& contestant, const Figures& figures) {
  std::vector<double> found;
  for (const auto& configuration : target.configurations)
    if (const auto* figure = figures.find({target.workload, configuration, contestant, target.measure}))
      if (!target.ratio || figure->ratio) found.push_back(target.ratio ? *figure->ratio : figure->median);
  return found;
}

/// `1.03 to 1.08`
std::string range(const std::vector<double>& values) {
  const auto [least, most] = std::minmax_element(values.begin(), values.end());
  const std::string from = readable(*least);
  const std::string to = readable(*most);
  return from == to ? from : from + " to " + to;
}

/// Less is better, for every target: the mean of the logarithms, turned round where more is better.
double badness(const Target& target, const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += std::log(std::max(value, 1e-9));
  return (target.at_most ? sum : -sum) / static_cast<double>(values.size());
}

/// Held against the limit as it is shown: 2.02 is 2.02, whatever comes in the next digits.
bool within(const Target& target, double value) {
  const double shown = std::round(value * 100) / 100;
  return target.at_most ? shown <= target.limit : shown >= target.limit;
}

}  // namespace

const std::vector<Target>& targets() {
  const auto echo_with = [](int bytes) {
    return std::vector<std::string>{echo_of(1, bytes), echo_of(50, bytes), echo_of(1000, bytes)};
  };
  static const std::vector<Target> all = {
      {"hot, 100 active of 100 and of 9,000: ratio to raw",
       "hot",
       {active_of(100, 100), active_of(100, 9000)},
       "ours",
       per_event,
       true,
       true,
       1.03},
      {"hot, 1 active: ratio to raw",
       "hot",
       {active_of(1, 100), active_of(1, 9000)},
       "ours",
       per_event,
       true,
       true,
       1.05},
      {"instructions per hot event, 100 active",
       "instructions",
       {hot_event_100},
       "ours",
       instructions,
       false,
       true,
       35},
      {"the same, with typed data in place of a function",
       "instructions",
       {hot_event_100},
       ours_typed,
       instructions,
       false,
       true,
       35},
      {"ctl, total: ratio to raw", "ctl", {descriptors(1000), descriptors(9000)}, "ours", total, true, true, 1.08},
      {"dispatch: ratio to raw",
       "dispatch",
       {active_of(100, 100), active_of(100, 9000), active_of(1, 100), active_of(1, 9000)},
       "ours",
       per_event,
       true,
       true,
       1.02},
      {"echo server CPU per request of 64 bytes, 06 --quiet: ratio to raw", "echo", echo_with(64), "ours",
       cpu_per_request, true, true, 1.02},
      {"the same, its lines going to a file", "echo", echo_with(64), ours_lines, cpu_per_request, true, true, 1.25},
      {"echo server CPU per request of 4,096 bytes, 06 --quiet: ratio to raw", "echo", echo_with(4096), "ours",
       cpu_per_request, true, true, 1.02},
      {"the same, its lines of 4,096 bytes going to a file", "echo", echo_with(4096), ours_lines, cpu_per_request, true,
       true, 1.25},
      {"system calls per echo request, 50 connections, 06 --quiet",
       "calls",
       {echo_request_50},
       "ours",
       calls,
       false,
       true,
       2.02},
      {"the same, its lines going to a file", "calls", {echo_request_50}, ours_lines, calls, false, true, 2.06},
      {"chat deliveries per second, 07, 100 members: ratio to raw",
       "chat",
       {members(100)},
       "ours",
       deliveries,
       true,
       false,
       2.3},
      {"chat deliveries per second, 07, 1,000 members: ratio to raw",
       "chat",
       {members(1000)},
       "ours",
       deliveries,
       true,
       false,
       2.4},
      {"resident bytes per idle connection, 06",
       "memory",
       {connections(1000), connections(5000)},
       "ours",
       never_used,
       false,
       true,
       128},
      // The cap is 1 MiB; a string that grows to it is twice as large at the most, and is copied while it grows.
      {"a member that never reads: growth in MiB (the cap is 1)",
       "slow",
       {one_deaf},
       "ours",
       peak_growth,
       false,
       true,
       4},
  };
  return all;
}

Outcome outcome(const Target& target, const Figures& figures) {
  Outcome result;
  result.target = (target.at_most ? "≤ " : "≥ ") + readable(target.limit);
  double best = 0;
  for (const auto& contestant : figures.contestants(target.workload)) {
    if (contestant == "raw" || is_ours(contestant)) continue;
    if ((contestant == raw_lines) != (target.contestant == ours_lines)) continue;
    if (target.workload == "ctl" && contestant == "libev") continue;  // it unregisters nothing: see its contestant
    const auto found = values(target, contestant, figures);
    if (found.empty() || (!result.best_peer.empty() && badness(target, found) >= best)) continue;
    best = badness(target, found);
    result.best_peer = contestant + " " + range(found);
  }
  if (const auto ours = values(target, target.contestant, figures); !ours.empty()) {
    result.ours = range(ours);
    result.met = std::all_of(ours.begin(), ours.end(), [&](double value) { return within(target, value); });
  }
  return result;
}

std::string in_short(const Figures& figures) {
  std::string text = "| | best peer of this run | ours | target | |\n|---|---|---|---|---|\n";
  const auto measured = figures.workloads();
  for (const auto& target : targets()) {
    if (std::find(measured.begin(), measured.end(), target.workload) == measured.end()) continue;
    const Outcome became = outcome(target, figures);
    text += "| " + target.row + " | " + (became.best_peer.empty() ? "–" : became.best_peer) + " | " +
            (became.ours.empty() ? "–" : became.ours) + " | " + became.target + " | " +
            (became.ours.empty() ? "not measured"
             : became.met        ? "met"
                                 : "**missed**") +
            " |\n";
  }
  return text;
}

}  // namespace bench
