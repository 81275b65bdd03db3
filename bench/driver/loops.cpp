#include "loops.hpp"

#include "plan.hpp"
#include "report/names.hpp"
#include "running.hpp"

#include <algorithm>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace bench {

Lines figures_of(const Contestant& contestant, const std::string& words, const std::string& facility) {
  support::Start start;
  if (!facility.empty()) start.environment.push_back("SELECTORS_FACILITY=" + facility);
  const std::string text = output_of(contestant.call(words), start, 30s);
  Lines figures;
  std::istringstream lines(text);
  std::string name;
  for (double value = 0; lines >> name >> value;) figures.emplace_back(name, value);
  if (figures.empty() || !lines.eof())
    throw std::runtime_error("'" + words + "' prints other lines than 'NAME NUMBER': " + text.substr(0, 100));
  return figures;
}

Loop::Loop(Contestant contestant, std::string words, double units_per_turn, double aim_ns, std::string facility)
    : contestant_(std::move(contestant)),
      words_(std::move(words)),
      units_(units_per_turn),
      aim_(aim_ns),
      facility_(std::move(facility)) {}

Lines Loop::run(long turns) const {
  auto figures = figures_of(contestant_, words_ + " " + std::to_string(turns), facility_);
  if (figures.size() == 2 && figures[0].first == "ns" && figures[1].first == "events")
    return {{per_event, figures[0].second / figures[1].second}};
  double sum = 0;
  for (auto& [name, value] : figures) sum += value /= units_ * static_cast<double>(turns);
  figures.emplace_back(total, sum);
  return figures;
}

Lines Loop::measure() {
  if (turns_ == 0) {
    // Few turns tell little, but roughly how long a turn takes; one of poll(2) may take milliseconds.
    const bool slow = facility_ == "poll" || facility_ == "select";
    const long few = std::max(1L, static_cast<long>((slow ? 10 : 1000) / units_));
    const double turn = run(few).back().second * units_;
    turns_ = std::max(few, static_cast<long>(aim_ / turn));
  }
  return run(turns_);
}

namespace {

/// Every contestant, with the one of ours that has a type of its own as data behind it.
template <class Make>
std::vector<Entrant> entrants(const std::vector<Contestant>& all, const std::string& workload, const Make& make) {
  std::vector<Entrant> list;
  for (const auto& one : all) {
    if (!one.present()) continue;
    list.push_back({one.name, make(one, workload)});
    if (one.name == "ours" && workload == "hot") list.push_back({ours_typed, make(one, "hot-typed")});
  }
  return list;
}

std::function<std::vector<Measured>()> as_entrant(const std::shared_ptr<Loop>& loop) {
  return [loop] {
    std::vector<Measured> measured;
    for (const auto& [name, value] : loop->measure()) measured.push_back({name, value, "ns"});
    return measured;
  };
}

}  // namespace

Steps hot_and_dispatch(const std::string& workload, const std::vector<Contestant>& all, const Scale& scale) {
  Steps steps;
  for (const int active : {100, 1})
    for (const int descriptors : {100, 9000}) {
      // Nine thousand descriptors take longer to open and to close than what is measured with them.
      if (scale.quick && descriptors == 9000 && (active == 1 || workload == "dispatch")) continue;
      // Where a program comes to lie in memory is luck, and as much as is looked for. So, many short rounds rather than
      // few long ones, where it takes no time to open the descriptors.
      const int parts = scale.quick || descriptors > 1000 ? 1 : 3;
      const double aim = scale.pick(100e6, 40e6) / parts;
      steps.push_back({workload, active_of(active, descriptors), parts * scale.rounds, aim * 1.5e-9,
                       entrants(all, workload, [&](const Contestant& one, const std::string& word) {
                         const std::string words =
                             word + " " + std::to_string(descriptors) + " " + std::to_string(active);
                         return as_entrant(std::make_shared<Loop>(one, words, active, aim));
                       })});
    }
  return steps;
}

Steps ctl(const std::vector<Contestant>& all, const Scale& scale) {
  Steps steps;
  for (const int count : {1000, 9000}) {
    if (scale.quick && count == 9000) continue;
    const double aim = scale.pick(100e6, 40e6);
    steps.push_back({"ctl", descriptors(count), scale.rounds, aim * 1.5e-9,
                     entrants(all, "ctl", [&](const Contestant& one, const std::string& word) {
                       return as_entrant(std::make_shared<Loop>(one, word + " " + std::to_string(count), count, aim));
                     })});
  }
  return steps;
}

}  // namespace bench
