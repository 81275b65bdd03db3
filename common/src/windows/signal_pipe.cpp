#include <selectors/errors.hpp>
#include <selectors/signal_pipe.hpp>

#include "os.hpp"
#include "system_call.hpp"

#include <atomic>
#include <csignal>

namespace selectors {
namespace {

std::atomic<int> writer_fd = -1;
std::atomic<int> reader_fd = -1;

void write_signal(int signal) noexcept {
  const auto byte = static_cast<unsigned char>(signal);
  static_cast<void>(os::write_pipe(writer_fd, &byte, 1));
}

/// The C library uninstalls a handler when it calls it, so this installs itself again.
extern "C" void on_signal(int signal) {
  std::signal(signal, on_signal);
  write_signal(signal);
}

/// Returns what POSIX calls an event of the console.
int signal_of(DWORD event) noexcept {
  switch (event) {
    case CTRL_C_EVENT:
      return SIGINT;
    case CTRL_BREAK_EVENT:
      return SIGBREAK;
    default:  // the window is closed, the user logs off, the machine shuts down
      return SIGTERM;
  }
}

std::atomic<unsigned> caught = 0;  // one bit for each signal

/// Runs in a thread of its own, which Windows makes.
BOOL WINAPI on_console_event(DWORD event) {
  int signal = signal_of(event);
  if (signal == SIGBREAK && !(caught & (1U << SIGBREAK))) signal = SIGINT;
  if (!(caught & (1U << static_cast<unsigned>(signal)))) return FALSE;
  write_signal(signal);
  // If the window is being closed, Windows ends the program when this returns. So let the loop finish first.
  if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) Sleep(INFINITE);
  return TRUE;
}

}  // namespace

struct SignalPipe::Former {
  int signal;
  void (*handler)(int);
};

SignalPipe::SignalPipe(std::initializer_list<int> signals) {
  if (writer_fd >= 0) throw ValueError("this process already has a SignalPipe, and there can be only one");
  former_.reserve(signals.size());
  const auto [read_fd, write_fd] = os::make_pipe("for signals");
  read_fd_ = read_fd;
  write_fd_ = write_fd;
  writer_fd = write_fd_;
  reader_fd = read_fd_;
  for (const int signal : signals) {
    const auto former = std::signal(signal, on_signal);
    if (former == SIG_ERR) {
      restore();
      throw std::system_error(os::error(EINVAL), "catch signal " + std::to_string(signal));
    }
    if (former == SIG_IGN) {
      std::signal(signal, SIG_IGN);
      continue;
    }
    former_.push_back({signal, former});
    caught |= 1U << static_cast<unsigned>(signal);
  }
  if (!former_.empty()) SetConsoleCtrlHandler(on_console_event, TRUE);
}

SignalPipe::~SignalPipe() { restore(); }

void SignalPipe::restore() noexcept {
  if (caught != 0) SetConsoleCtrlHandler(on_console_event, FALSE);
  caught = 0;
  for (; !former_.empty(); former_.pop_back()) std::signal(former_.back().signal, former_.back().handler);
  writer_fd = -1;
  reader_fd = -1;
  os::close(read_fd_);
  os::close(write_fd_);
}

int SignalPipe::active_fileno() noexcept { return reader_fd; }

std::optional<int> SignalPipe::read() {
  unsigned char byte = 0;
  const auto count = os::read_pipe(read_fd_, &byte, 1);
  if (count == 1) return byte;
  if (count == 0 || errno == EAGAIN) return std::nullopt;
  throw_errno("read from the signal pipe, fd " + std::to_string(read_fd_));
}

}  // namespace selectors
