// Who is measured.
#pragma once

#include "row.hpp"

namespace reliability {

/// The lessons' servers on each of these facilities.
std::vector<Subject> lessons(const std::vector<std::string>& facilities);

/// The asyncio server in peers/; nobody if there is no python3.
std::vector<Subject> asyncio();

}  // namespace reliability
