// What is aimed at, in one list, held against a run.
#pragma once

#include "figures.hpp"

#include <string>
#include <vector>

namespace bench {

/// A row of the table that is aimed at.
struct Target {
  std::string row;
  std::string workload;
  std::vector<std::string> configurations;  ///< Each that was measured has to be within the limit.
  std::string contestant;
  std::string measure;
  bool ratio;    ///< The limit is one of the ratio to raw epoll, not of the figure.
  bool at_most;  ///< Else at least.
  double limit;
};

const std::vector<Target>& targets();

/// What became of it in a run.
struct Outcome {
  std::string best_peer;  ///< Name and figures; empty if no peer was measured.
  std::string ours;       ///< Empty if not measured.
  std::string target;
  bool met = false;
};

Outcome outcome(const Target& target, const Figures& figures);

/// All of them as a table: row, best peer of this run, ours, target, met or not.
std::string in_short(const Figures& figures);

}  // namespace bench
