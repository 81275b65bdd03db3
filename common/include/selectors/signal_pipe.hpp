/// @file
/// Signals as something to read: one more descriptor in the bag.
#pragma once

#include <initializer_list>
#include <optional>
#include <utility>
#include <vector>

namespace selectors {

/// Turns signals into readiness by the self-pipe trick: each signal that arrives makes `fileno()` readable.
///
/// Register `fileno()` for EVENT_READ like any other descriptor; the handler itself only writes a byte, so everything
/// else happens in the loop, where everything is allowed. On Windows `SIGINT` is Ctrl-C, and Ctrl-Break too unless
/// `SIGBREAK` is asked for; `SIGTERM` is the closing of the console's window, logging off and shutting down. A program
/// that is ended by force hears nothing there. **It owns the pipe** (on Windows a pair of sockets) and restores the
/// former handlers when it is destroyed. See signal-safety(7).
///
/// A signal that is ignored when the pipe is made stays ignored, as in Python: a shell script that starts a server with
/// `&` ignores SIGINT for it, and nohup(1) ignores SIGHUP.
///
/// One at a time in a process; to be made and destroyed in the main thread, `read` in the thread of the selector. As
/// much as a pipe holds may wait to be read (65,536 signals on Linux); what comes then is lost. The handlers are
/// installed without `SA_RESTART`: blocking calls of other libraries may fail with `EINTR`. The child of fork(2) shares
/// the pipe, so that a signal to the child would be read in the parent: let its copy end there first.
class SignalPipe {
 public:
  /// Catches these signals from now on, but for those that are ignored.
  /// @param signals numbers from `<csignal>`, for instance `{SIGINT, SIGTERM}`.
  /// @throws ValueError if there is one already; std::system_error from pipe(2), or from sigaction(2) for SIGKILL,
  ///   SIGSTOP and what is no signal.
  SignalPipe(std::initializer_list<int> signals);

  SignalPipe(const SignalPipe&) = delete;
  SignalPipe& operator=(const SignalPipe&) = delete;

  /// Restores the former handlers and closes the pipe. It may end after the selector that watches it, so declare it
  /// first; else unregister it before.
  ~SignalPipe();

  /// The descriptor to register, owned by this object.
  [[nodiscard]] int fileno() const noexcept { return read_fd_; }

  /// The descriptor of the SignalPipe that this process has now, or -1: for code that has to wait outside the loop and
  /// should not outwait a signal. It belongs to that SignalPipe.
  [[nodiscard]] static int active_fileno() noexcept;

  /// Takes the next signal that arrived, oldest first; empty if there is none. Never waits.
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
