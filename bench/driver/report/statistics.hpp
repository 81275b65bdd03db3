// What is made of the figures of several rounds.
#pragma once

#include <string>
#include <vector>

namespace bench {

/// The middle one, or the mean of the two in the middle; throws std::invalid_argument if there is none.
double median(std::vector<double> values);

/// The least value that `part` of them (0 to 1) do not exceed: 0.99 for the 99th percentile.
double percentile(std::vector<double> values, double part);

/// A figure in so many digits as it deserves, thousands parted: 12,345; 123; 12.3; 1.23.
std::string readable(double value);

/// With so many decimals.
std::string decimal(double value, int digits);

}  // namespace bench
