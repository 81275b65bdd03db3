// How long something takes, and how much of the processor.
#pragma once

#include <chrono>
#include <ctime>

template <class Call>
std::chrono::nanoseconds duration_of(const Call& call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::steady_clock::now() - start;
}

/// Processor time that a call uses.
template <class Call>
std::chrono::milliseconds effort_of(const Call& call) {
  const auto start = std::clock();
  call();
  return std::chrono::milliseconds((std::clock() - start) * 1000 / CLOCKS_PER_SEC);
}
