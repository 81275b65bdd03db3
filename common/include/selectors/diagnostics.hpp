/// @file
/// What a selector tells about itself: how often it waited, and who keeps it awake for nothing.
#pragma once

#include <selectors/events.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace selectors {

/// What a selector has counted since it was made.
struct Counters {
  std::uint64_t waits = 0;    ///< How often the kernel was asked to wait. An idle program's stands still.
  std::uint64_t events = 0;   ///< Events that the kernel reported.
  std::uint64_t stale = 0;    ///< Of these, passed over: their key was gone, closed, replaced or turned away by then.
  std::uint64_t retries = 0;  ///< Waits taken up again within one `select`, after a signal or stale events only.
};

/// A descriptor that is ready again and again while nobody takes what makes it ready: `select` never waits any more and
/// the program burns a processor.
struct BusyLoop {
  int fd = -1;          ///< Its number.
  EventMask mask;       ///< What it is ready for.
  std::string message;  ///< A line that says so, and what to do.
};

/// What to do when a busy loop is noticed.
using BusyLoopHandler = std::function<void(const BusyLoop&)>;

/// Writes the message to standard error.
void print_busy_loop(const BusyLoop& busy);

}  // namespace selectors
