#include <selectors/errors.hpp>
#include <selectors/signal_pipe.hpp>

#include "system_call.hpp"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace selectors {
namespace {

std::atomic<int> handler_fd = -1;
std::atomic<int> reader_fd = -1;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may use lock-free atomics only");

extern "C" {
static void write_signal(int signal) {
  const int saved = errno;
  const auto byte = static_cast<unsigned char>(signal);
  // If the pipe is full, losing this byte does not matter: the reader has plenty to read.
  [[maybe_unused]] const auto written = write(handler_fd, &byte, 1);
  errno = saved;
}
}

}  // namespace

struct SignalPipe::Former {
  int signal;
  struct sigaction action;
};

SignalPipe::SignalPipe(std::initializer_list<int> signals) {
  if (handler_fd >= 0) throw ValueError("this process already has a SignalPipe, and there can be only one");
  former_.reserve(signals.size());
  const auto [read_fd, write_fd] = os::make_pipe("for signals");
  read_fd_ = read_fd;
  write_fd_ = write_fd;
  handler_fd = write_fd_;
  reader_fd = read_fd_;
  for (const int signal : signals) {
    struct sigaction action {};
    action.sa_handler = write_signal;
    sigemptyset(&action.sa_mask);
    Former former{signal, {}};
    const bool known = sigaction(signal, nullptr, &former.action) == 0;
    if (known && former.action.sa_handler == SIG_IGN) continue;
    if (!known || sigaction(signal, &action, nullptr) < 0) {
      const int error = errno;
      restore();
      throw std::system_error(os::error(error), "catch signal " + std::to_string(signal));
    }
    former_.push_back(former);
  }
}

SignalPipe::~SignalPipe() { restore(); }

void SignalPipe::restore() noexcept {
  for (; !former_.empty(); former_.pop_back()) sigaction(former_.back().signal, &former_.back().action, nullptr);
  handler_fd = -1;
  reader_fd = -1;
  close(read_fd_);
  close(write_fd_);
}

int SignalPipe::active_fileno() noexcept { return reader_fd; }

std::optional<int> SignalPipe::read() {
  unsigned char byte = 0;
  const auto count = retried([&] { return ::read(read_fd_, &byte, 1); });
  if (count == 1) return byte;
  if (count == 0 || errno == EAGAIN) return std::nullopt;
  throw_errno("read from the signal pipe, fd " + std::to_string(read_fd_));
}

}  // namespace selectors
