// A pipe in a test's hand.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <system_error>
#include <utility>

/// Neither end blocks. Both are closed at the end, unless they are already.
class Pipe {
 public:
  Pipe() {
    if (pipe(ends_.data()) < 0) throw std::system_error(errno, std::system_category(), "pipe");
    for (const int end : ends_) {
      fcntl(end, F_SETFD, FD_CLOEXEC);
      fcntl(end, F_SETFL, O_NONBLOCK);
    }
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_reader();
    close_writer();
  }
  [[nodiscard]] int reader() const { return ends_[0]; }
  [[nodiscard]] int writer() const { return ends_[1]; }
  void fill(const std::string& bytes = "x") const {
    [[maybe_unused]] const auto n = write(ends_[1], bytes.data(), bytes.size());
  }
  void close_reader() { shut(ends_[0]); }
  void close_writer() { shut(ends_[1]); }

  /// Closes the reading end; what is opened next may get its number.
  int drop_reader() {
    const int fd = ends_[0];
    close_reader();
    return fd;
  }

 private:
  static void shut(int& fd) {
    if (fd >= 0) ::close(std::exchange(fd, -1));
  }
  std::array<int, 2> ends_{-1, -1};
};
