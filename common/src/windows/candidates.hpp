#pragma once

#include <selectors/facility.hpp>

#include <array>

namespace selectors {

/// A facility by its name.
struct Candidate {
  const char* name;
  std::unique_ptr<Facility> (*make)();
};

// Both cost by what is registered. select, the one in the sources, tells of a failed connect on every Windows.
inline constexpr auto candidates = std::to_array<Candidate>({{"select", make_select}, {"poll", make_poll}});

}  // namespace selectors
