#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace selectors {

/// The numbers that are only watched. Closed from outside while a duplicate lives, such a number stays in epoll's set
/// and is reported for ever. To look at each report would cost a system call an event. So one is looked at when it was
/// not reported by the wait before; and of those in a row the second, third, fifth and so on, and every 64th in the
/// end.
class Outsiders {
 public:
  /// Takes a number in.
  void add(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= sights_.size()) sights_.resize(index + 1);
    sights_[index] = {.is_in = true};
  }

  /// Takes it out, if it is in.
  void remove(int fd) noexcept {
    if (contains(fd)) sights_[static_cast<std::size_t>(fd)] = {};
  }

  /// True if it is in.
  [[nodiscard]] bool contains(int fd) const noexcept {
    const auto index = static_cast<std::size_t>(fd);
    return index < sights_.size() && sights_[index].is_in;
  }

  /// Notes that a number was reported by this wait; true if it is time to look whether it still is what it was.
  [[nodiscard]] bool is_suspect(int fd, std::uint64_t wait) noexcept {
    Sight& sight = sights_[static_cast<std::size_t>(fd)];
    sight.repeated = sight.wait + 1 == wait ? sight.repeated + 1 : 0;
    sight.wait = wait;
    return sight.repeated < 64 ? (sight.repeated & (sight.repeated - 1)) == 0 : sight.repeated % 64 == 0;
  }

 private:
  struct Sight {
    bool is_in = false;
    std::uint32_t repeated = 0;
    std::uint64_t wait = 0;
  };

  std::vector<Sight> sights_;  // by descriptor
};

}  // namespace selectors
