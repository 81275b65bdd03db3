/// @file
/// The two events a selector knows, and the mask that combines them.
#pragma once

#if __cplusplus < 202002L
#error "selectors needs C++20: compile with -std=c++20"
#endif

namespace selectors {

/// A set of events: what a key is registered for, or what is ready now.
///
/// Combine masks with `|`, test them with `&`: `if (mask & EVENT_READ)`. A plain value; it owns nothing.
/// Follows the masks of Python's `selectors`, with the same bits.
class EventMask {
 public:
  /// The empty mask. It can be held and compared, but never registered.
  constexpr EventMask() = default;

  /// A mask from raw bits: 1 is EVENT_READ, 2 is EVENT_WRITE. Other bits are kept, and refused by `register_`.
  constexpr explicit EventMask(unsigned bits) : bits_(bits) {}

  /// The raw bits.
  [[nodiscard]] constexpr unsigned bits() const { return bits_; }

  /// True if any event is in the mask.
  constexpr explicit operator bool() const { return bits_ != 0; }

  /// The events of both.
  friend constexpr EventMask operator|(EventMask a, EventMask b) { return EventMask(a.bits_ | b.bits_); }

  /// The events that both have.
  friend constexpr EventMask operator&(EventMask a, EventMask b) { return EventMask(a.bits_ & b.bits_); }

  /// Adds the events of `other`.
  constexpr EventMask& operator|=(EventMask other) { return *this = *this | other; }

  /// True if both hold the same events.
  friend constexpr bool operator==(EventMask, EventMask) = default;

 private:
  unsigned bits_ = 0;
};

/// There is something to read, a connection to accept, or the other side has closed: `recv` or `accept` answers now.
///
/// An error (a reset, for instance) and a hang-up (both directions have ended, so that neither call would wait) count
/// as both events. You get those that you asked for, and the next call says what happened. This is Python's mapping of
/// `POLLERR` and `POLLHUP` (poll(2)). With SelectSelector a hang-up counts as EVENT_READ only, because select(2) has no
/// way to report it to someone who only waits to write; the error that follows once the peer has closed is reported.
inline constexpr EventMask EVENT_READ{1};

/// There is room to write, or a `connect` in progress has ended: `send` answers now.
inline constexpr EventMask EVENT_WRITE{2};

}  // namespace selectors
