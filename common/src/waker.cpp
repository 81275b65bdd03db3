#include <selectors/waker.hpp>

#include "pipe.hpp"
#include "system_call.hpp"

#include <unistd.h>

#include <array>

namespace selectors {

Waker::Waker() {
  const auto [read_fd, write_fd] = make_pipe("to wake a selector");
  read_fd_ = read_fd;
  write_fd_ = write_fd;
}

Waker::~Waker() {
  close(read_fd_);
  close(write_fd_);
}

void Waker::wake() const noexcept {
  const int saved = errno;
  const char byte = 0;
  retried([&] { return write(write_fd_, &byte, 1); });  // a full pipe is readable already
  errno = saved;
}

void Waker::clear() {
  std::array<char, 256> taken{};
  ssize_t count = 0;
  do count = retried([&] { return read(read_fd_, taken.data(), taken.size()); });
  while (count == static_cast<ssize_t>(taken.size()));
  if (count < 0 && errno != EAGAIN) throw_errno("read wakes from fd " + std::to_string(read_fd_));
}

}  // namespace selectors
