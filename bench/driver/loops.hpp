// Workloads that a contestant measures in itself, called as a program that prints its figures.
#pragma once

#include "contestants.hpp"

#include <string>
#include <utility>
#include <vector>

namespace bench {

/// What stands in the lines `NAME NUMBER`, in their order.
using Lines = std::vector<std::pair<std::string, double>>;

/// Calls a contestant and reads its lines `NAME NUMBER`.
/// @param facility which one `ours` is made to use; empty for its best.
/// @throws NotOffered, std::runtime_error
Lines figures_of(const Contestant& contestant, const std::string& words, const std::string& facility = {});

/// A workload of a contestant, called with as many turns as take a while.
class Loop {
 public:
  /// @param words the workload and its arguments, without the turns. @param per what a turn's worth is divided by, 0
  /// for the events that are printed. @param aim how long it is to take.
  Loop(Contestant contestant, std::string words, double units_per_turn, double aim_ns, std::string facility = {});

  /// Nanoseconds for each event or descriptor, by the names that the contestant prints.
  Lines measure();

 private:
  Lines run(long turns) const;

  Contestant contestant_;
  std::string words_;
  double units_;
  double aim_;
  std::string facility_;
  long turns_ = 0;  // 0 until it was tried how long a turn takes
};

}  // namespace bench
