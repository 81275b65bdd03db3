#pragma once

#include <selectors/detail/slots.hpp>

#include <cstddef>
#include <mutex>
#include <vector>

namespace selectors::os {

/// What Windows does not tell of a socket, and has to be remembered. Any thread may use it.
class KnownSockets {
 public:
  /// What is remembered of one.
  struct Known {
    unsigned serial = 0;  ///< Tells it from others that have the same number before or after; 0: made by somebody else.
    bool blocking = true;
  };

  /// A new socket has this number.
  void add(int fd) noexcept {
    const std::lock_guard lock(mutex_);
    if (Known* const known = place(fd)) *known = {.serial = ++latest_};
  }

  /// It is closed.
  void remove(int fd) noexcept {
    const std::lock_guard lock(mutex_);
    if (detail::slot_of(fd) < known_.size()) known_[detail::slot_of(fd)] = {};
  }

  /// Notes how it was set.
  void set_blocking(int fd, bool blocking) noexcept {
    const std::lock_guard lock(mutex_);
    if (Known* const known = place(fd)) known->blocking = blocking;
  }

  [[nodiscard]] Known get(int fd) noexcept {
    const std::lock_guard lock(mutex_);
    return detail::slot_of(fd) < known_.size() ? known_[detail::slot_of(fd)] : Known{};
  }

 private:
  /// Null if there is no memory for it: then it is as somebody else's.
  Known* place(int fd) noexcept try {
    const std::size_t slot = detail::slot_of(fd);
    if (slot >= known_.size()) known_.resize(slot + 1);
    return &known_[slot];
  } catch (const std::bad_alloc&) {
    return nullptr;
  }

  std::mutex mutex_;
  std::vector<Known> known_;  // by slot
  unsigned latest_ = 0;
};

}  // namespace selectors::os
