/// @file
/// Distinguishes a process from the child that fork(2) made of it.
#pragma once

#include <atomic>

namespace selectors::detail {

/// Remembers in which process it was made. Asking costs no system call.
///
/// It recognises a child by a handler that fork(2) runs (pthread_atfork(3)); it does not recognise one that was made by
/// clone(2) or vfork(2) directly.
class HomeProcess {
 public:
  /// Remembers this process.
  HomeProcess() noexcept;

  /// Returns false in a child that was forked since.
  [[nodiscard]] bool is_here() const noexcept { return forks_ == forks.load(std::memory_order_relaxed); }

 private:
  static void count_fork() noexcept;

  static std::atomic<unsigned> forks;  // between the first process and this one
  unsigned forks_;
};

}  // namespace selectors::detail
