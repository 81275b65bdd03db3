#include <selectors/waker.hpp>

#include "os.hpp"
#include "system_call.hpp"

#include <array>

namespace selectors {

Waker::Waker() {
  const auto [read_fd, write_fd] = os::make_pipe("to wake a selector");
  read_fd_ = read_fd;
  write_fd_ = write_fd;
}

Waker::~Waker() {
  os::close(read_fd_);
  os::close(write_fd_);
}

void Waker::wake() const noexcept {
  if (woken_.exchange(true)) return;  // it is readable already, or about to be
  const int saved = errno;
  const char byte = 0;
  if (retried([&] { return os::write_pipe(write_fd_, &byte, 1); }) < 0) woken_ = false;
  errno = saved;
}

void Waker::clear() {
  std::array<char, 256> taken{};  // more than one byte is there only after a fork
  const auto count = retried([&] { return os::read_pipe(read_fd_, taken.data(), taken.size()); });
  if (count < 0 && errno != EAGAIN) throw_errno("read from the wake-up pipe, fd " + std::to_string(read_fd_));
  woken_.exchange(false);  // last: a wake that found it set left its work before this, so the caller sees it
}

}  // namespace selectors
