// The programs that are measured, as processes.
#pragma once

#include "report/options.hpp"

#include "support/program.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

using namespace std::chrono_literals;
using support::Clock;

/// A contestant does not offer this workload: it is left out.
class NotOffered : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Somebody wants the benchmark to end.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

/// From now on SIGINT and SIGTERM make check_interrupted() throw Interrupted, so that every server is ended by the
/// object that holds it.
void catch_interruption();
void check_interrupted();

/// Puts this process, and what it starts from now on, where the option says.
void pin_driver(Pin pin);

/// For as long as it lives, what this thread starts may run on every processor that the benchmark was given.
class Unpinned {
 public:
  Unpinned();
  Unpinned(const Unpinned&) = delete;
  Unpinned& operator=(const Unpinned&) = delete;
  ~Unpinned();
};

/// Runs a program to its end and returns what it has printed.
/// @throws NotOffered if it ends with status 3; std::runtime_error with what it said if it fails otherwise.
std::string output_of(const support::Command& command, const support::Start& start,
                      std::chrono::milliseconds patience = 20s);

/// A server that runs. Ended and reaped with this object, whatever happens.
class Service {
 public:
  /// @param lines the file that its standard output goes to; empty for a pipe that is read.
  explicit Service(const support::Command& command, const support::Start& start = {}, const std::string& lines = {},
                   std::chrono::milliseconds patience = 10s);

  int port() const { return port_; }

  /// The processor time that it has used so far, by the kernel's precise clock.
  std::chrono::nanoseconds cpu() const;

  /// What it has in memory of its own, and the most it ever had since forget_peak().
  double resident_bytes() const;
  double peak_bytes() const;
  void forget_peak() const;

  /// It comes to hold so many connections more than at its start.
  void wait_for_connections(std::size_t count);

  /// Throws what it died of, if it did.
  void check();

  /// Stops it where it is, and lets it go on.
  void freeze() { program_.freeze(); }
  void thaw() { program_.thaw(); }

  /// SIGTERM; throws unless it ends with status 0.
  void end();

  pid_t pid() const { return pid_; }

 private:
  [[noreturn]] void report();

  support::Story story_;
  support::Program program_;
  pid_t pid_ = -1;
  int port_ = 0;
  std::size_t descriptors_before_ = 0;
};

}  // namespace bench
