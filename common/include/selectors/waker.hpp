/// @file
/// Ends a `select` from outside its thread: one more descriptor in the selector.
#pragma once

#include <atomic>

namespace selectors {

/// Wakes a `select` from another thread or from a signal handler.
///
/// Register `fileno()` for EVENT_READ like any other descriptor. `wake` makes it readable, so the `select` that is
/// waiting, or the next one, reports it. The code that handles that event calls `clear` first and *then* looks at what
/// the other threads left for it (a queue, a flag): whatever they leave after that look wakes the selector again. Any
/// number of wakes before a `clear` count as one.
///
/// **It owns its pipe** (on Windows a pair of sockets). It may be destroyed after the selector that watches it, so
/// declare it first; otherwise unregister it before. Any thread may call `wake` at any time, several threads at once,
/// and signal handlers too (signal-safety(7)), as long as the Waker exists. Only the thread of the selector may call
/// `clear`. After fork(2), parent and child share the pipe: a wake reaches only one of them, so the child needs its
/// own.
class Waker {
 public:
  /// Makes a waker that has not been woken yet.
  /// @throws std::system_error from pipe(2).
  Waker();

  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  /// Closes the pipe.
  ~Waker();

  /// Returns the descriptor to register, which this object owns.
  [[nodiscard]] int fileno() const noexcept { return read_fd_; }

  /// Makes `fileno()` readable. Never waits, never fails, and leaves `errno` as it was.
  void wake() const noexcept;

  /// Takes all wakes so far, so that `fileno()` is no longer readable. Never waits.
  /// @throws std::system_error from read(2).
  void clear();

 private:
  int read_fd_ = -1;
  int write_fd_ = -1;
  mutable std::atomic<bool> woken_ = false;  // since the last clear
  static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may use lock-free atomics only");
};

}  // namespace selectors
