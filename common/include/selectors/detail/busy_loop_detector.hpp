/// @file
/// Finds the descriptors that keep a loop awake for nothing.
#pragma once

#include <selectors/detail/slots.hpp>
#include <selectors/diagnostics.hpp>
#include <selectors/facility.hpp>
#include <selectors/socket.hpp>

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace selectors::detail {

/// Returns true if selectors look for busy loops without being asked: if the library was built without `NDEBUG`, for
/// debugging.
[[nodiscard]] bool looks_for_busy_loops() noexcept;

/// Notices a descriptor that is delivered in a thousand batches in a row without being used in between, the second half
/// of them within half a second.
///
/// Used means: a call on its Socket got something done (`recv`, `send`, `accept`, …); or, if it has no Socket, a
/// different number of bytes is waiting in it after the batch has been walked. If the kernel does not report that
/// number, nothing is noticed. Both only guess what the program does. They cost nothing if the search is off.
class BusyLoopDetector {
 public:
  /// This many turns in a row are a busy loop.
  static constexpr unsigned limit = 1000;

  /// Calls `handler` once for each registration found in a busy loop.
  explicit BusyLoopDetector(BusyLoopHandler handler) : handler_(std::move(handler)) {}

  /// Notes that an event is about to be delivered, to the registration made at that moment of the selector's clock.
  void deliver(const Event& event, const Socket& fileobj, std::uint64_t registered_at);

  /// Notes that all events of this turn have been seen, and calls the handler for each descriptor that has reached the
  /// limit.
  void end_turn();

  /// Notes that the program has walked what was delivered.
  void end_walk() noexcept;

 private:
  struct Sight {
    std::uint64_t registered_at = 0;
    std::uint64_t turn = 0;  // when it was last delivered
    unsigned in_a_row = 0;   // how many turns up to then, unused
    unsigned uses = 0;       // the uses() of its socket by then
    std::chrono::steady_clock::time_point suspect_since = {};
    bool reported = false;
  };
  struct Suspect {
    Event event;
    int bytes;  // how many were waiting when it was delivered
  };

  BusyLoopHandler handler_;
  std::vector<Sight> sights_;      // by descriptor
  std::vector<Suspect> suspects_;  // of this turn
  std::vector<BusyLoop> found_;
  std::uint64_t turn_ = 2;  // 0 is never, and the turn after it
};

}  // namespace selectors::detail
