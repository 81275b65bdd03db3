/// @file
/// The two events that a selector knows, and the mask that combines them.
#pragma once

#if __cplusplus < 202002L
#error "selectors needs C++20: compile with -std=c++20"
#endif

namespace selectors {

/// A set of events: what a key is registered for, or what is ready now.
///
/// Combine masks with `|` and test them with `&`: `if (mask & EVENT_READ)`. It is a plain value and owns nothing. It
/// follows the masks of Python's `selectors` and has the same bits.
class EventMask {
 public:
  /// Makes the empty mask. It can be stored and compared, but `register_` refuses it.
  constexpr EventMask() = default;

  /// Makes a mask from raw bits: 1 is EVENT_READ, 2 is EVENT_WRITE. Other bits are kept, but `register_` refuses them.
  constexpr explicit EventMask(unsigned bits) : bits_(bits) {}

  /// Returns the raw bits.
  [[nodiscard]] constexpr unsigned bits() const { return bits_; }

  /// Returns true if any event is in the mask.
  constexpr explicit operator bool() const { return bits_ != 0; }

  /// Returns the events that are in either mask.
  friend constexpr EventMask operator|(EventMask a, EventMask b) { return EventMask(a.bits_ | b.bits_); }

  /// Returns the events that are in both masks.
  friend constexpr EventMask operator&(EventMask a, EventMask b) { return EventMask(a.bits_ & b.bits_); }

  /// Adds the events of `other`.
  constexpr EventMask& operator|=(EventMask other) { return *this = *this | other; }

  /// Returns true if both masks hold the same events.
  friend constexpr bool operator==(EventMask, EventMask) = default;

 private:
  unsigned bits_ = 0;
};

/// There is something to read, there is a connection to accept, or the other side has finished sending: `recv` or
/// `accept` has an answer now.
///
/// An error (a reset, for instance) and a hang-up (both directions have ended, so neither call would block) count as
/// both events. You get those that you asked for, and the next call on the socket says what happened. This is how
/// Python maps `POLLERR` and `POLLHUP` (poll(2)). With SelectSelector, a hang-up counts as EVENT_READ only, because
/// select(2) cannot report it to a program that waits only to write; the error that follows once the peer has closed is
/// reported.
inline constexpr EventMask EVENT_READ{1};

/// There is room to write, or a `connect` in progress has ended: `send` has an answer now.
inline constexpr EventMask EVENT_WRITE{2};

}  // namespace selectors
