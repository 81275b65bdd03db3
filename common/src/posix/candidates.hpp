#pragma once

#include <selectors/facility.hpp>

#include <array>

namespace selectors {

/// A facility and its name.
struct Candidate {
  const char* name;
  std::unique_ptr<Facility> (*make)();
};

// Best first. The cost of epoll and kqueue grows with what is ready; that of poll and select with what is registered,
// and select stops at 1,024.
inline constexpr auto candidates = std::to_array<Candidate>({
#ifdef __linux__
    {"epoll", make_epoll},
#endif
#ifdef SELECTORS_HAVE_KQUEUE
    {"kqueue", make_kqueue},
#endif
    {"poll", make_poll},
    {"select", make_select},
});

}  // namespace selectors
