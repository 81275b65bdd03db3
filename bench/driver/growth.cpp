// How the cost of an event grows with the number of descriptors, on each facility.
#include "loops.hpp"
#include "plan.hpp"
#include "report/names.hpp"

#include <memory>

namespace bench {
namespace {

struct Loops {
  std::vector<std::pair<std::string, Loop>> all = {};

  std::vector<Measured> measure() {
    std::vector<Measured> measured;
    for (auto& [measure, loop] : all) measured.push_back({measure, loop.measure().back().second, "ns"});
    return measured;
  }
};

Entrant entrant(const Contestant& contestant, const std::string& facility, int count, double aim) {
  const auto loops = std::make_shared<Loops>();
  const std::string size = std::to_string(count);
  loops->all.emplace_back(grows_hot_1, Loop(contestant, "hot " + size + " 1", 1, aim, facility));
  loops->all.emplace_back(grows_hot_100, Loop(contestant, "hot " + size + " 100", 100, aim, facility));
  loops->all.emplace_back(grows_ctl, Loop(contestant, "ctl " + size, count, aim, facility));
  return {facility.empty() ? contestant.name : ours_on(facility), [loops] { return loops->measure(); }};
}

}  // namespace

Steps growth(const std::vector<Contestant>& all, const Scale& scale) {
  Steps steps;
  const double aim = scale.pick(30e6, 10e6);
  for (const int count : {100, 500, 900, 1000, 5000, 19000}) {
    if (scale.quick && count != 100 && count != 900 && count != 5000) continue;
    Step step{"growth", std::to_string(count), scale.pick(3, 1), 0.3, {}};
    for (const auto& one : all) {
      if (one.name == "raw") step.entrants.push_back(entrant(one, "", count, aim));
      if (one.name != "ours" || !one.present()) continue;
      for (const auto* facility : {"epoll", "poll", "select"})
        // select(2) has no room for more than 1,024, some of which the other ends have.
        if (std::string(facility) != "select" || count <= 900)
          step.entrants.push_back(entrant(one, facility, count, aim));
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace bench
