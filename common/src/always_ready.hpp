#pragma once

#include <selectors/facility.hpp>

#include <fcntl.h>

#include <algorithm>
#include <vector>

namespace selectors {

/// Descriptors that never make anybody wait, such as regular files. poll and select report them ready at all times;
/// epoll and kqueue refuse to watch them or differ, so their facilities keep them here and report them the same way.
class AlwaysReady {
 public:
  /// Takes one in.
  void add(int fd, EventMask events) { files_.push_back({fd, events}); }

  /// Changes one; false if it is not here.
  bool modify(int fd, EventMask events) {
    const auto file = find(fd);
    if (file == files_.end()) return false;
    file->mask = events;
    return true;
  }

  /// Takes one out; false if it is not here.
  bool remove(int fd) noexcept {
    const auto file = find(fd);
    if (file == files_.end()) return false;
    files_.erase(file);
    return true;
  }

  /// With one of these there is nothing to wait for. Those closed behind our back are dropped.
  [[nodiscard]] Timeout limit(const Timeout& timeout) {
    std::erase_if(files_, [](const Event& file) { return fcntl(file.fd, F_GETFD) < 0; });
    return files_.empty() ? timeout : Timeout(std::chrono::nanoseconds::zero());
  }

  /// Reports all of them.
  void append_to(std::vector<Event>& events) const { events.insert(events.end(), files_.begin(), files_.end()); }

 private:
  std::vector<Event>::iterator find(int fd) noexcept {
    return std::find_if(files_.begin(), files_.end(), [fd](const Event& file) { return file.fd == fd; });
  }

  std::vector<Event> files_;
};

}  // namespace selectors
