/// @file
/// The spacing of the numbers that the system gives to descriptors.
#pragma once

#include <cstddef>

namespace selectors::detail {

/// The difference between one number and the next: POSIX gives the lowest free number, Windows gives multiples of four.
#ifdef _WIN32
inline constexpr unsigned number_step = 4;
#else
inline constexpr unsigned number_step = 1;
#endif

/// Returns the place of a number in a table that is indexed by descriptor. A negative number has a place far beyond the
/// end.
[[nodiscard]] constexpr std::size_t slot_of(int fd) noexcept { return static_cast<unsigned>(fd) / number_step; }

/// Returns the number that has this place.
[[nodiscard]] constexpr int number_in(std::size_t slot) noexcept { return static_cast<int>(slot * number_step); }

}  // namespace selectors::detail
