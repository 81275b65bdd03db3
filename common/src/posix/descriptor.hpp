#pragma once

#include <unistd.h>

namespace selectors {

/// A facility's own descriptor. This object owns it and closes it.
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
