#include "limits.hpp"

#include "names.hpp"
#include "statistics.hpp"

#include <cmath>

namespace bench {
namespace {

int decimals(const Limit& limit) { return limit.workload == "calls" ? 2 : 1; }

}  // namespace

bool Limit::holds(double value) const {
  const double scale = std::pow(10, decimals(*this));
  return std::round(value * scale) <= std::round(most * scale);
}

std::string Limit::told(double value) const {
  const int digits = decimals(*this);
  std::string text = workload == "calls" ? calls : instructions;
  text +=
      ", " + configuration + ": " + contestant + ": " + decimal(value, digits) + ", at most " + decimal(most, digits);
  if (!holds(value)) text += ": NOT SO";
  return text;
}

const std::vector<Limit>& limits() {
  static const std::vector<Limit> all = {
      {ours_typed, "instructions", hot_event_100, 35},
      {"ours", "instructions", hot_event_100, 42},  // std::function costs its call, and the key its size
      {"ours", "instructions", hot_event_1, 170},
      {"ours", "instructions", dispatch_event, 140},
      {"ours", "instructions", ctl_descriptor, 800},
      {"ours", "instructions", echo_request_50, 260},
      {ours_lines, "instructions", echo_request_50, 1750},
      {"ours", "instructions", chat_delivery, 42},
      {"ours", "calls", hot_event_100, 0.01},
      {"ours", "calls", dispatch_event, 2.01},
      {"ours", "calls", ctl_descriptor, 3},
      {"ours", "calls", echo_request_1, 3},
      {"ours", "calls", echo_request_50, 2.02},
      {ours_lines, "calls", echo_request_50, 2.06},
      // A wait, four that speak, and one send to each of a hundred members: for 4 * 4 * 99 deliveries.
      {"ours", "calls", chat_delivery, 0.07},
  };
  return all;
}

}  // namespace bench
