// The figures as a table in Markdown.
#pragma once

#include "row.hpp"

#include <map>
#include <string>
#include <vector>

namespace reliability {

/// Every figure by its row and its place among the subjects.
using Figures = std::map<std::pair<std::size_t, std::size_t>, Figure>;

/// One line for each row and server, and a column for each facility.
std::string as_table(const std::vector<Row>& rows, const std::vector<Subject>& subjects, const Figures& figures);

}  // namespace reliability
