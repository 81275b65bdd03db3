// How what a descriptor costs grows with the number of them, on each facility.
#include "counts.hpp"
#include "loops.hpp"
#include "plan.hpp"
#include "report/names.hpp"
#include "running.hpp"

#include <memory>
#include <optional>

namespace bench {
namespace {

/// One of those whose growth is measured.
struct Subject {
  std::string name;
  Contestant contestant;
  std::string facility;  ///< Empty for raw epoll.
};

std::vector<Subject> subjects(const std::vector<Contestant>& all, int count) {
  std::vector<Subject> found;
  for (const auto& one : all) {
    if (one.name == "raw") found.push_back({one.name, one, ""});
    if (one.name != "ours" || !one.present()) continue;
    for (const auto* facility : {"epoll", "poll", "select"})
      // select(2) has no room for more than 1,024, some of which the other ends have.
      if (std::string(facility) != "select" || count <= 900) found.push_back({ours_on(facility), one, facility});
  }
  return found;
}

Entrant timed(const Subject& subject, int count, double aim) {
  const auto loop = [&](const std::string& words, double units) {
    return Loop(subject.contestant, words, units, aim, subject.facility);
  };
  const std::string size = std::to_string(count);
  const auto loops = std::make_shared<std::vector<std::pair<std::string, Loop>>>();
  loops->emplace_back(grows_hot_1, loop("hot " + size + " 1", 1));
  loops->emplace_back(grows_hot_100, loop("hot " + size + " 100", 100));
  loops->emplace_back(grows_ctl, loop("ctl " + size, count));
  return {subject.name, [loops] {
            std::vector<Measured> measured;
            for (auto& [measure, each] : *loops) measured.push_back({measure, each.measure().back().second, "ns"});
            return measured;
          }};
}

/// Nothing where malloc does not tell.
std::optional<double> bytes_of(const Subject& subject, const std::string& words) {
  try {
    return figures_of(subject.contestant, words, subject.facility).back().second;
  } catch (const NotOffered&) {
    return std::nullopt;
  }
}

/// What is no matter of time, as far as this machine has the tools.
std::vector<Measured> count_all(const Subject& subject, int count) {
  const std::string size = std::to_string(count);
  const Counted one_active = {"", "hot " + size + " 1", 1, 20, 120};
  const Counted many_active = {"", "hot " + size + " 100", 100, 20, 40};
  const Counted ctl = {"", "ctl " + size, count, 1, 2};
  std::vector<Measured> measured;
  const auto add_instructions = [&](const char* measure, const Counted& what) {
    measured.push_back({measure, instructions_of(subject.contestant, what, subject.facility), ""});
  };
  if (no_callgrind().empty()) {
    add_instructions(grows_instructions_1, one_active);
    add_instructions(grows_instructions_100, many_active);
    add_instructions(grows_instructions_ctl, ctl);
  }
  if (no_strace().empty() && count <= 900)  // strace would trace how 19,000 are opened, for the same one or two calls
    measured.push_back({grows_calls, calls_of(subject.contestant, one_active, subject.facility).at(calls), ""});
  if (subject.contestant.name == "ours")
    if (const auto bytes = bytes_of(subject, "memory " + size))
      measured.push_back({grows_memory, *bytes / count, "bytes"});
  return measured;
}

Entrant counted(const Subject& subject, int count) {
  return {subject.name, [=] { return count_all(subject, count); }};
}

}  // namespace

Steps growth(const std::vector<Contestant>& all, const Scale& scale) {
  Steps steps;
  const double aim = scale.pick(30e6, 10e6);
  for (const int count : {100, 900, 5000, 19000}) {
    if (scale.quick && count != 100 && count != 900 && count != 5000) continue;
    Step step{"growth", std::to_string(count), scale.pick(3, 1), 0.3, {}};
    for (const auto& subject : subjects(all, count)) step.entrants.push_back(timed(subject, count, aim));
    steps.push_back(std::move(step));
  }
  for (const int count : {100, 900, 19000}) {
    if (scale.quick && count != 900) continue;
    Step step{"growth", std::to_string(count), 1, 2, {}};
    for (const auto& subject : subjects(all, count)) step.entrants.push_back(counted(subject, count));
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace bench
