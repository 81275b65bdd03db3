// A run as tables in Markdown.
#pragma once

#include "figures.hpp"
#include "results.hpp"

#include <string>

namespace bench {

/// The page: where and when, what came out in short, and the tables of each workload.
std::string as_page(const Results& results);

/// One measure of one workload: a line for each contestant, a column for each configuration, the median and in brackets
/// the median of the ratios to raw epoll.
std::string as_table(const Figures& figures, const std::string& workload, const std::string& measure);

}  // namespace bench
