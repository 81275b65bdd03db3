// The rounds of a run brought together: a figure for each contestant in each configuration.
#pragma once

#include "results.hpp"

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace bench {

/// What was measured in some rounds.
struct Figure {
  double median = 0;
  std::optional<double> ratio = {};  ///< To raw epoll: the median of the ratios of each round.
};

/// Where a figure stands.
struct Place {
  std::string workload;
  std::string configuration;
  std::string contestant;
  std::string measure;

  friend bool operator<(const Place& a, const Place& b) {
    return std::tie(a.workload, a.configuration, a.contestant, a.measure) <
           std::tie(b.workload, b.configuration, b.contestant, b.measure);
  }
};

class Figures {
 public:
  explicit Figures(const std::vector<Sample>& samples);

  /// Null if it was not measured.
  const Figure* find(const Place& place) const;

  /// Why there is no figure; null if it did not fail.
  const std::string* failure(const std::string& workload, const std::string& configuration,
                             const std::string& contestant) const;

  /// What the run has, each in the order in which it was measured first, failures among them.
  std::vector<std::string> workloads() const;
  std::vector<std::string> configurations(const std::string& workload) const;
  std::vector<std::string> contestants(const std::string& workload) const;
  std::vector<std::string> measures(const std::string& workload) const;
  std::string unit(const std::string& workload, const std::string& measure) const;

 private:
  template <class Field>
  std::vector<std::string> different(const std::string& workload, const Field& field) const;

  std::vector<Sample> seen_;  // of each place the first
  std::map<Place, Figure> figures_;
  std::map<Place, std::string> failures_;
};

}  // namespace bench
