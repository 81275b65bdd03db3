// How often the program has allocated: global operator new is replaced by one that counts.
#pragma once

#include <cstddef>

/// How often any form of operator new was called since the program began.
[[nodiscard]] std::size_t allocations_so_far() noexcept;

/// How often operator new is called while `call` runs.
template <class Call>
[[nodiscard]] std::size_t allocations_of(const Call& call) {
  const std::size_t before = allocations_so_far();
  call();
  return allocations_so_far() - before;
}
