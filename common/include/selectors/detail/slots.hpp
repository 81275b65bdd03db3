/// @file
/// How the numbers that the system gives to descriptors lie.
#pragma once

#include <cstddef>

namespace selectors::detail {

/// The difference between one number and the next: POSIX gives the lowest free number, Windows multiples of four.
#ifdef _WIN32
inline constexpr unsigned number_step = 4;
#else
inline constexpr unsigned number_step = 1;
#endif

/// Where in a table that is indexed by descriptor a number stands. A negative one stands very far behind.
[[nodiscard]] constexpr std::size_t slot_of(int fd) noexcept { return static_cast<unsigned>(fd) / number_step; }

/// The number that stands there.
[[nodiscard]] constexpr int number_in(std::size_t slot) noexcept { return static_cast<int>(slot * number_step); }

}  // namespace selectors::detail
