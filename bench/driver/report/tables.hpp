// A run as tables in Markdown.
#pragma once

#include "figures.hpp"
#include "results.hpp"

#include <string>

namespace bench {

/// The page: its title, and as_section.
std::string as_page(const Results& results);

/// Where and when, what came out in short, and the tables of each workload, under headings of the second level.
std::string as_section(const Results& results);

/// One measure of one workload: a line for each contestant, a column for each configuration, the median and in brackets
/// the median of the ratios to raw epoll.
std::string as_table(const Figures& figures, const std::string& workload, const std::string& measure);

}  // namespace bench
