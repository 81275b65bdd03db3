// A running program: what it prints, how it ends, what it costs.
#pragma once

#include "process.hpp"
#include "story.hpp"

#include <selectors/socket.hpp>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace support {

/// A running program. Ended and reaped with this object.
class Program {
 public:
  Program(Story& story, const Command& command, const Start& start = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  /// The next line of its standard output, without the newline.
  /// @param expected what to say was expected if none comes.
  std::string line(const std::string& expected = "another line");

  /// The next line must be this one.
  void expect_line(const std::string& expected);

  /// These lines must follow, in this order, with others between them or not.
  void expect_in_order(const std::vector<std::string>& expected);

  /// Nothing more is printed within so many milliseconds.
  void expect_silence(int milliseconds);

  /// It ends by itself with this status.
  void expect_exit(int status);

  /// What it has said on standard error so far.
  std::string errors();

  /// It ends by itself with a status other than 0.
  void expect_failure();

  /// It ends by itself with a status other than 0, and with one line on standard error that holds `part`.
  void expect_failure(const std::string& part);

  /// All of standard output until its end.
  std::string rest();

  /// The next bytes of standard output must be these.
  void expect_output(std::string_view expected);

  /// True if it has not ended.
  bool running();

  /// How it has ended: `status 0`, `killed by signal 13`. Empty while it runs.
  std::string ending();

  /// It does not end now, nor within a moment.
  void expect_running();

  /// Types into its standard input, all of it.
  void type(std::string_view bytes);

  /// Types as much as it takes now, and says how much that was.
  std::size_t type_some(std::string_view bytes);

  /// Ends its standard input.
  void end_input();

  /// Sends it a signal.
  void signal(int number);

  /// Waits until it uses no processor time any more: it has done what it can, and waits for us, or has ended.
  void wait_until_idle() const;

  /// Ends it at once and waits until it is gone.
  void kill_and_wait();

  /// Stops it where it is, so that several things happen to it at once; it is stopped when this returns.
  void freeze();

  /// Lets it go on.
  void thaw();

  /// The processor time it has used, in clock ticks (a hundredth of a second).
  long cpu_ticks() const;

  /// How many of them it uses while so much time passes.
  long ticks_within(std::chrono::milliseconds time) const;

  /// Its resident memory in KiB.
  long resident_kib() const;

  /// What an allocator that looks for errors adds to the memory of the program itself, at most: shadow, red zones, and
  /// what it keeps of the memory given back. 0 in a build without sanitizers.
  static long sanitizer_kib();

  /// How many descriptors it has open.
  std::size_t open_descriptors() const;

  /// Its listening socket must not block: whoever connected may be gone before it is accepted.
  void expect_nonblocking_listener() const;

  /// Waits until it is in one of these system calls, by their numbers (SYS_accept4, …).
  void wait_until_in(const std::vector<long>& calls) const;

  /// Makes the kernel's send buffers of its connections as small as they can be: what a client does not read waits in
  /// the program soon.
  void shrink_send_buffers() const;

  /// Accepts the next connection on its listening socket, as another process that shares the socket would, and drops
  /// it.
  void steal_connection() const;

  /// The first line ends in `port N`: N.
  int port() const { return port_; }

 protected:
  int port_ = 0;
  Story& story_;
  std::string name_;

 private:
  /// What one of its two output pipes has brought so far.
  struct Output {
    std::string text;
    bool ended = false;
  };

  void collect(const Started& started, const Start& start);
  template <class Condition>
  bool wait_until(Clock::time_point deadline, const Condition& condition);
  std::string take(std::size_t size);
  void wait_for_end();
  bool ends_now();  // true if it has ended, or does within a moment; then all that it said has come
  std::string said_on_stderr();
  selectors::Socket listening_socket() const;      // a duplicate, ours to close
  std::vector<selectors::Socket> sockets() const;  // the same of all
  void reap(bool block);

  pid_t pid_ = -1;
  int status_ = -1;  // as waitpid gives it, once it has ended
  int in_ = -1;
  std::mutex mutex_;  // guards the two outputs
  std::condition_variable more_;
  Output out_;
  Output err_;
  bool over_ = false;      // the process has ended, and nobody waits for its output any more
  std::thread collector_;  // reads all the time: a program must not wait because the test does something else
};

/// How many lines there are.
inline long lines_of(std::string_view text) { return std::count(text.begin(), text.end(), '\n'); }

/// A server, started on a free port, whose first line has been read.
class Server : public Program {
 public:
  Server(Story& story, const Command& command, Start start = {}, const std::string& host = "localhost",
         const std::string& port = "0");

  /// That first line.
  const std::string& first_line() const { return first_line_; }

  /// It comes to hold so many connections: so many descriptors more than when it printed its first line.
  void expect_connections(std::size_t count) const;

  /// How many it holds now.
  std::size_t connections() const;

 private:
  std::string first_line_;
  std::size_t descriptors_before_ = 0;
};

}  // namespace support
