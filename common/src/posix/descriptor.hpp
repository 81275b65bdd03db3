#pragma once

#include <unistd.h>

namespace selectors {

/// A facility's own descriptor: owned here, closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int fd) noexcept : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }

  [[nodiscard]] int fileno() const noexcept { return fd_; }

 private:
  int fd_;
};

}  // namespace selectors
