#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace selectors {

/// The numbers that are only watched. If such a number is closed from outside while a duplicate keeps its file open, it
/// stays in epoll's set and is reported forever. To check it at each report would cost one system call per event. So a
/// number is checked if the previous wait did not report it, and then at the second, third, fifth report in a row and
/// so on, and in the end at every 64th.
class Outsiders {
 public:
  /// Adds a number.
  void add(int fd) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= sights_.size()) sights_.resize(index + 1);
    sights_[index] = {.is_in = true};
  }

  /// Removes it, if it is in.
  void remove(int fd) noexcept {
    if (contains(fd)) sights_[static_cast<std::size_t>(fd)] = {};
  }

  /// Returns true if it is in.
  [[nodiscard]] bool contains(int fd) const noexcept {
    const auto index = static_cast<std::size_t>(fd);
    return index < sights_.size() && sights_[index].is_in;
  }

  /// Notes that this wait reported a number. Returns true if it is time to check whether it is still the same file.
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
