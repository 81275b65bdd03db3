// A run as pictures.
#pragma once

#include "figures.hpp"

#include <string>

namespace bench {

/// What each contestant takes in each of the main workloads, as a multiple of raw epoll: to the left is better.
std::string ratio_plot(const Figures& figures, const std::string& machine);

/// What an event takes, over the number of descriptors, on each facility.
std::string growth_plot(const Figures& figures, const std::string& machine);

}  // namespace bench
