// A subject as a process, and what each row asks it.
#pragma once

#include "row.hpp"
#include "support/program.hpp"
#include "support/scratch.hpp"
#include "support/story.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace reliability {

using support::Clock;
using support::eventually;
using namespace std::chrono_literals;

/// The process of a subject. Ended with this object.
class Running {
 public:
  explicit Running(const Subject& subject, support::Start start = {});

  support::Server& server() { return server_; }
  [[nodiscard]] int port() const { return server_.port(); }

  /// True while it runs, or once it has ended as its contract says.
  bool alive();

  /// How it ended: "crashed: status 1, RuntimeError: …".
  std::string death();

  /// A client who comes now is served (in a chat: two of them).
  bool serves_newcomers(std::chrono::milliseconds patience = 2s);

  /// Waits until it has no more descriptors open than so many.
  bool descriptors_return_to(std::size_t count, std::chrono::milliseconds patience = 20s);

  /// It comes to hold so many connections.
  bool holds(std::size_t connections, std::chrono::milliseconds patience = 2s);

 private:
  Subject subject_;
  support::Story story_;
  support::Server server_;
};

/// The calls of a process as strace writes them down; the file goes with this object.
class Trace {
 public:
  /// @param calls what strace's `-e trace=` takes. @param injection its `-e inject=`, or nothing.
  explicit Trace(const std::string& calls, const std::string& injection = {});

  /// What Start::under has to be.
  [[nodiscard]] const std::string& under() const { return under_; }

  /// How many calls have returned.
  [[nodiscard]] std::size_t calls() const;

  /// The fault was really injected.
  [[nodiscard]] bool injected() const;

 private:
  support::Scratch file_;
  std::string under_;
};

/// Every call that a loop can wait in.
inline constexpr auto wait_calls = "?epoll_wait,?epoll_pwait,?epoll_pwait2,?poll,?ppoll,?select,?pselect6";

}  // namespace reliability
