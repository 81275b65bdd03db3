// A logarithmic axis of a plot.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace bench {

class Axis {
 public:
  /// From where to where on the picture, and the values there.
  Axis(double from, double to, double least, double most)
      : from_(from), to_(to), least_(std::log(least)), most_(std::log(most)) {}

  /// Where a value stands; what is outside stands at the end.
  double at(double value) const {
    const double part = (std::log(std::max(value, 1e-12)) - least_) / (most_ - least_);
    return from_ + (to_ - from_) * std::clamp(part, 0.0, 1.0);
  }

  bool holds(double value) const {
    const double place = std::log(value);
    return place >= least_ - 1e-9 && place <= most_ + 1e-9;
  }

 private:
  double from_;
  double to_;
  double least_;
  double most_;
};

}  // namespace bench
