// The benchmark without a clock, for CI.
#pragma once

#include "contestants.hpp"

#include <vector>

namespace bench {

/// Counts what ours costs and holds it against the limits.
/// @returns the exit status: 1 above a limit, 77 where it cannot be counted (1 with SELECTORS_NO_SKIP=1).
int check(const std::vector<Contestant>& all);

}  // namespace bench
