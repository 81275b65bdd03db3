#include "figures.hpp"

#include "statistics.hpp"

#include <algorithm>
#include <set>

namespace bench {
namespace {

/// By the round: a contestant's figure is only held against that of raw epoll a moment before or after.
using Rounds = std::map<int, double>;

std::optional<double> ratio_of(const Rounds& rounds, const Rounds& raw) {
  std::vector<double> ratios;
  for (const auto& [round, value] : rounds)
    if (const auto floor = raw.find(round); floor != raw.end() && floor->second != 0)
      ratios.push_back(value / floor->second);
  if (ratios.empty()) return std::nullopt;
  return median(std::move(ratios));
}

}  // namespace

Figures::Figures(const std::vector<Sample>& samples) {
  std::map<Place, Rounds> all;
  std::set<Place> known;
  for (const auto& sample : samples) {
    const Place place{sample.workload, sample.configuration, sample.contestant, sample.measure};
    if (sample.measure == failed)
      failures_[place] = sample.unit;
    else
      all[place][sample.round] = sample.value;
    if (known.insert(place).second) seen_.push_back(sample);
  }
  for (const auto& [place, rounds] : all) {
    std::vector<double> values;
    for (const auto& [round, value] : rounds) values.push_back(value);
    const auto raw = all.find({place.workload, place.configuration, "raw", place.measure});
    figures_[place] = {median(values), raw == all.end() ? std::nullopt : ratio_of(rounds, raw->second)};
  }
}

const Figure* Figures::find(const Place& place) const {
  const auto found = figures_.find(place);
  return found == figures_.end() ? nullptr : &found->second;
}

const std::string* Figures::failure(const std::string& workload, const std::string& configuration,
                                    const std::string& contestant) const {
  const auto found = failures_.find({workload, configuration, contestant, failed});
  return found == failures_.end() ? nullptr : &found->second;
}

template <class Field>
std::vector<std::string> Figures::different(const std::string& workload, const Field& field) const {
  std::vector<std::string> names;
  for (const auto& sample : seen_) {
    if (!workload.empty() && sample.workload != workload) continue;
    const std::string& name = field(sample);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::vector<std::string> Figures::workloads() const {
  return different(
      {}, [](const Sample& sample) -> auto& { return sample.workload; });
}

std::vector<std::string> Figures::configurations(const std::string& workload) const {
  return different(
      workload, [](const Sample& sample) -> auto& { return sample.configuration; });
}

std::vector<std::string> Figures::contestants(const std::string& workload) const {
  return different(
      workload, [](const Sample& sample) -> auto& { return sample.contestant; });
}

std::vector<std::string> Figures::measures(const std::string& workload) const {
  auto names = different(
      workload, [](const Sample& sample) -> auto& { return sample.measure; });
  std::erase(names, failed);
  return names;
}

std::string Figures::unit(const std::string& workload, const std::string& measure) const {
  for (const auto& sample : seen_)
    if (sample.workload == workload && sample.measure == measure) return sample.unit;
  return {};
}

}  // namespace bench
