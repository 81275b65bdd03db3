#pragma once

#include <selectors/facility.hpp>

#include <array>

namespace selectors {

/// A facility and its name.
struct Candidate {
  const char* name;
  std::unique_ptr<Facility> (*make)();
};

// The cost of both grows with what is registered. select, which the Python programs use, reports a failed connect on
// every version of Windows.
inline constexpr auto candidates = std::to_array<Candidate>({{"select", make_select}, {"poll", make_poll}});

}  // namespace selectors
