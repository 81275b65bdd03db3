#pragma once

#include <selectors/detail/refusals.hpp>
#include <selectors/facility.hpp>

#include "identity.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace selectors {

/// Descriptors that never block, such as regular files. poll and select report them as ready at all times. epoll and
/// kqueue refuse to watch them or report them differently, so their facilities keep them here and report them as poll
/// does.
class AlwaysReady {
 public:
  /// Adds a descriptor, which must be open.
  void add(int fd, EventMask events) { files_.push_back({fd, events, require_open_fd(fd)}); }

  /// Changes its events. Returns false if it is not here.
  bool modify(int fd, EventMask events) {
    const auto file = find(fd);
    if (file == files_.end()) return false;
    if (const auto standing = standing_of(fd, file->identity); standing != Standing::same)
      detail::throw_stale("modify", fd, standing);
    file->events = events;
    return true;
  }

  /// Removes it. Returns false if it is not here.
  bool remove(int fd) noexcept {
    const auto file = find(fd);
    if (file == files_.end()) return false;
    files_.erase(file);
    return true;
  }

  /// Returns its state; nothing if it is not here.
  [[nodiscard]] std::optional<Standing> standing(int fd) noexcept {
    const auto file = find(fd);
    if (file == files_.end()) return std::nullopt;
    return standing_of(fd, file->identity);
  }

  /// Returns true if there is none, as nearly always.
  [[nodiscard]] bool empty() const noexcept { return files_.empty(); }

  /// Returns how long to wait: not at all if one of these is ready. Silences those that were closed without `remove`.
  [[nodiscard]] Timeout limit(const Timeout& timeout) {
    bool any = false;
    for (File& file : files_) {
      if (file.events && standing_of(file.fd, file.identity) != Standing::same) file.events = {};
      any = any || file.events;
    }
    return any ? Timeout(std::chrono::nanoseconds::zero()) : timeout;
  }

  /// Reports all of them.
  void append_to(std::vector<Event>& events) const {
    for (const File& file : files_)
      if (file.events) events.push_back({file.fd, file.events});
  }

  /// Stops reporting it. Returns false if it is not here.
  bool silence(int fd) noexcept {
    const auto file = find(fd);
    if (file == files_.end()) return false;
    file->events = {};
    return true;
  }

 private:
  struct File {
    int fd;
    EventMask events;  // empty: silenced
    Identity identity;
  };

  std::vector<File>::iterator find(int fd) noexcept {
    return std::find_if(files_.begin(), files_.end(), [fd](const File& file) { return file.fd == fd; });
  }

  std::vector<File> files_;
};

}  // namespace selectors
