// How what a descriptor costs grows with the number of them, on each facility.
#include "counts.hpp"
#include "loops.hpp"
#include "plan.hpp"
#include "report/names.hpp"

#include <memory>

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

/// What is the same each time, as far as this machine has the tools.
Entrant counted(const Subject& subject, int count) {
  return {
      subject.name, [=] {
        const std::string size = std::to_string(count);
        const Counted one_active = {"", "hot " + size + " 1", 1, 2, 12};
        std::vector<Measured> measured;
        if (no_callgrind().empty())
          for (const auto& [measure, what] : {std::pair(grows_instructions_1, one_active),
                                              {grows_instructions_100, Counted{"", "hot " + size + " 100", 100, 2, 12}},
                                              {grows_instructions_ctl, Counted{"", "ctl " + size, count, 1, 2}}})
            measured.push_back({measure, instructions_of(subject.contestant, what, subject.facility), ""});
        if (no_strace().empty())
          measured.push_back({grows_calls, calls_of(subject.contestant, one_active, subject.facility).at(calls), ""});
        if (subject.contestant.name == "ours")
          measured.push_back({grows_memory,
                              figures_of(subject.contestant, "memory " + size, subject.facility).back().second / count,
                              "bytes"});
        return measured;
      }};
}

}  // namespace

Steps growth(const std::vector<Contestant>& all, const Scale& scale) {
  Steps steps;
  const double aim = scale.pick(30e6, 10e6);
  for (const int count : {100, 500, 900, 1000, 5000, 19000}) {
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
