/// @file
/// Ends a `select` from outside its thread: one more descriptor in the bag.
#pragma once

#include <atomic>

namespace selectors {

/// Wakes a `select` from another thread or from a signal handler.
///
/// Register `fileno()` for EVENT_READ like any other descriptor. `wake` makes it readable, so the `select` that waits,
/// or the next one, reports it; whoever handles that event calls `clear`, *then* looks at what the others left for it
/// (a queue, a flag): what is left after that look wakes again. Any number of wakes before a `clear` are one.
///
/// **It owns its pipe**, which is a pair of sockets on Windows. It may end after the selector that watches it, so
/// declare it first; else unregister it before. `wake` may be called by any thread at any time, by several at once, and
/// in signal handlers (signal-safety(7)); it must not outlive the Waker. `clear` belongs to the thread of the selector.
/// After fork(2) parent and child share the pipe: a wake reaches one of them, so the child needs its own.
class Waker {
 public:
  /// A waker that nobody has called yet.
  /// @throws std::system_error from pipe(2).
  Waker();

  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  /// Closes the pipe.
  ~Waker();

  /// The descriptor to register, owned by this object.
  [[nodiscard]] int fileno() const noexcept { return read_fd_; }

  /// Makes `fileno()` readable. Never waits, never fails, leaves `errno` as it was.
  void wake() const noexcept;

  /// Takes all wakes so far. Never waits.
  /// @throws std::system_error from read(2).
  void clear();

 private:
  int read_fd_ = -1;
  int write_fd_ = -1;
  mutable std::atomic<bool> woken_ = false;  // since the last clear
  static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may use lock-free atomics only");
};

}  // namespace selectors
