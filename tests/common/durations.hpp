// How long something takes, and how much of the processor.
#pragma once

#include <chrono>

template <class Call>
std::chrono::nanoseconds duration_of(const Call& call) {
  const auto start = std::chrono::steady_clock::now();
  call();
  return std::chrono::steady_clock::now() - start;
}

/// The processor time that this process has used.
std::chrono::milliseconds processor_time();

/// Processor time that a call uses.
template <class Call>
std::chrono::milliseconds effort_of(const Call& call) {
  const auto start = processor_time();
  call();
  return processor_time() - start;
}
