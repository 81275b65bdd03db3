/// @file
/// Signals that you read like bytes: one more descriptor in the selector.
#pragma once

#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

namespace selectors {

/// Turns signals into events by the self-pipe trick: each signal that arrives makes `fileno()` readable.
///
/// Register `fileno()` for EVENT_READ like any other descriptor. The signal handler itself only writes a byte, so
/// everything else happens in the loop, where everything is allowed (see signal-safety(7)). **It owns the pipe** (on
/// Windows a pair of sockets) and restores the former handlers when it is destroyed.
///
/// On Windows `SIGINT` is Ctrl-C, and Ctrl-Break too unless you ask for `SIGBREAK`; `SIGTERM` means that the console
/// window is closed, the user logs off, or the machine shuts down. A program that is ended by force gets no signal
/// there.
///
/// A signal that is ignored when the pipe is made stays ignored, as in Python: a shell script that starts a server with
/// `&` makes it ignore SIGINT, and nohup(1) makes it ignore SIGHUP.
///
/// A process can have only one at a time. Make and destroy it in the main thread, and call `read` in the thread of the
/// selector. As many signals as fit into a pipe may wait to be read (65,536 on Linux); further ones are lost. The
/// handlers are installed without `SA_RESTART`, so blocking calls of other libraries may fail with `EINTR`. The child
/// of fork(2) shares the pipe, so a signal to the child would be read in the parent: destroy the child's copy first.
class SignalPipe {
 public:
  /// Catches these signals from now on, except those that are ignored.
  /// @param signals numbers from `<csignal>`, for instance `{SIGINT, SIGTERM}`.
  /// @throws ValueError if the process already has a SignalPipe; std::system_error from pipe(2), or from sigaction(2)
  ///   for SIGKILL, SIGSTOP and numbers that are not signals.
  SignalPipe(std::initializer_list<int> signals);

  SignalPipe(const SignalPipe&) = delete;
  SignalPipe& operator=(const SignalPipe&) = delete;

  /// Restores the former handlers and closes the pipe. It may be destroyed after the selector that watches it, so
  /// declare it first; otherwise unregister it before.
  ~SignalPipe();

  /// Returns the descriptor to register, which this object owns.
  [[nodiscard]] int fileno() const noexcept { return read_fd_; }

  /// Returns the descriptor of the SignalPipe that this process has now, or -1: for code that waits outside the loop
  /// and should stop when a signal comes. That SignalPipe owns it.
  [[nodiscard]] static int active_fileno() noexcept;

  /// Returns the next signal that arrived, oldest first, or empty if there is none. Never waits.
  /// @throws std::system_error from read(2).
  [[nodiscard]] std::optional<int> read();

 private:
  struct Former;
  void restore() noexcept;

  int read_fd_ = -1;
  int write_fd_ = -1;
  std::vector<Former> former_;
};

}  // namespace selectors
