// What ours may cost at the most, of what is the same each time.
#pragma once

#include <string>
#include <vector>

namespace bench {

struct Limit {
  std::string contestant;     ///< Which of ours.
  std::string workload;       ///< instructions or calls.
  std::string configuration;  ///< The unit, as in the results.
  double most;

  /// Held against the limit with so many decimals as the limit has.
  bool holds(double value) const;

  /// `system calls, echo request, 50 connections: ours: 2.02, at most 2.02`
  std::string told(double value) const;
};

const std::vector<Limit>& limits();

}  // namespace bench
