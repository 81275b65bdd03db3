/// @file
/// What a selector reports about itself: how often it waited, and which descriptor keeps it awake for nothing.
#pragma once

#include <selectors/events.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace selectors {

/// The counters of a selector, from when it was made.
struct Counters {
  std::uint64_t waits = 0;    ///< How often the kernel was asked to wait. Does not change in an idle program.
  std::uint64_t events = 0;   ///< Events that the kernel reported.
  std::uint64_t stale = 0;    ///< How many of them were skipped: key gone, closed, replaced, or no longer asking.
  std::uint64_t retries = 0;  ///< Waits that were repeated within one `select`, after a signal or only stale events.
};

/// A descriptor that is ready again and again although the program does not take what makes it ready. `select` then
/// never waits, and the program uses a whole processor.
struct BusyLoop {
  int fd = -1;          ///< The descriptor's number.
  EventMask mask;       ///< The events that it is ready for.
  std::string message;  ///< One line that says so, and what to do about it.
};

/// The type of a handler that is called when a busy loop is found.
using BusyLoopHandler = std::function<void(const BusyLoop&)>;

/// Prints the message on standard error.
void print_busy_loop(const BusyLoop& busy);

}  // namespace selectors
