#pragma once

#include <selectors/detail/slots.hpp>

#include <cstddef>
#include <mutex>
#include <vector>

namespace selectors::os {

/// Remembers facts about sockets that Windows does not provide. Any thread may use it.
class KnownSockets {
 public:
  /// What is remembered about one socket.
  struct Known {
    unsigned serial = 0;  ///< Distinguishes it from other sockets with the same number; 0: made by other code.
    bool blocking = true;
  };

  /// Notes that a new socket has this number.
  void add(int fd) noexcept {
    const std::lock_guard lock(mutex_);
    if (Known* const known = place(fd)) *known = {.serial = ++latest_};
  }

  /// Notes that it is closed.
  void remove(int fd) noexcept {
    const std::lock_guard lock(mutex_);
    if (detail::slot_of(fd) < known_.size()) known_[detail::slot_of(fd)] = {};
  }

  /// Notes whether it is blocking.
  void set_blocking(int fd, bool blocking) noexcept {
    const std::lock_guard lock(mutex_);
    if (Known* const known = place(fd)) known->blocking = blocking;
  }

  [[nodiscard]] Known get(int fd) noexcept {
    const std::lock_guard lock(mutex_);
    return detail::slot_of(fd) < known_.size() ? known_[detail::slot_of(fd)] : Known{};
  }

 private:
  /// Returns null if there is no memory for it: then it counts as made by other code.
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
