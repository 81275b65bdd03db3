/// @file
/// Finds out who keeps a loop awake for nothing.
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

/// Whether selectors look for busy loops without being asked: where the library was built without `NDEBUG`, for
/// debugging.
[[nodiscard]] bool looks_for_busy_loops() noexcept;

/// Notices a descriptor that is delivered in a thousand batches in a row without being used in between, the second half
/// of them within half a second.
///
/// Used means: a call on its Socket that got something done (`recv`, `send`, `accept`, …); or, without one, that
/// another number of bytes waits in it when the batch has been walked. Where the kernel does not tell that
/// number, nothing is noticed. Both only guess at what the program does; they cost nothing where nobody looks.
class BusyLoopDetector {
 public:
  /// So many turns in a row are a busy loop.
  static constexpr unsigned limit = 1000;

  /// Calls `handler` once for each registration found in a busy loop.
  explicit BusyLoopDetector(BusyLoopHandler handler) : handler_(std::move(handler)) {}

  /// An event is about to be delivered, to the registration made at that moment of the selector's clock.
  void deliver(const Event& event, const Socket& fileobj, std::uint64_t registered_at);

  /// All events of this turn have been seen; calls the handler for what has reached the limit.
  void end_turn();

  /// The program has walked what was delivered.
  void end_walk() noexcept;

 private:
  struct Sight {
    std::uint64_t registered_at = 0;
    std::uint64_t turn = 0;  // when it was last delivered
    unsigned in_a_row = 0;   // so many turns up to then, unused
    unsigned uses = 0;       // of its socket by then
    std::chrono::steady_clock::time_point suspect_since = {};
    bool reported = false;
  };
  struct Suspect {
    Event event;
    int bytes;  // that waited when it was delivered
  };

  BusyLoopHandler handler_;
  std::vector<Sight> sights_;      // by descriptor
  std::vector<Suspect> suspects_;  // of this turn
  std::vector<BusyLoop> found_;
  std::uint64_t turn_ = 2;  // 0 is never, and the turn after it
};

}  // namespace selectors::detail
