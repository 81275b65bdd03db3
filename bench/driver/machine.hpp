// On what is measured.
#pragma once

#include <string>
#include <vector>

namespace bench {

/// The machine in one line.
std::string machine();

/// That, the date, the build, the load, and a warning if the machine has other things to do; a line each.
std::vector<std::string> surroundings(const std::string& pinning);

/// Tells this run from every other.
std::string new_run();

}  // namespace bench
