/// @file
/// Tells a process from the child that fork(2) made of it.
#pragma once

#include <atomic>

namespace selectors::detail {

/// Remembers in which process it was made. Asking costs no system call.
///
/// A child is recognised by a handler that fork(2) runs (pthread_atfork(3)); one that was made by clone(2) or vfork(2)
/// directly is not.
class HomeProcess {
 public:
  /// This process.
  HomeProcess() noexcept;

  /// False in a child that was forked since.
  [[nodiscard]] bool is_here() const noexcept { return forks_ == forks.load(std::memory_order_relaxed); }

 private:
  static void count_fork() noexcept;

  static std::atomic<unsigned> forks;  // how many forks lie between the first process and this one
  unsigned forks_;
};

}  // namespace selectors::detail
