// What is measured, on whom, and what came of it.
#pragma once

#include "support/process.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace reliability {

enum class Kind { echo, chat };

/// A server that is measured: one of the lessons' on one facility, or somebody else's beside it.
struct Subject {
  std::string name;
  Kind kind = Kind::echo;
  support::Command command;
  std::string facility = {};  ///< Empty for a peer.
  std::vector<std::string> arguments = {};
  bool ends_with_first_client = false;  ///< Lesson 04's contract: with status 0.

  [[nodiscard]] bool ours() const { return !facility.empty(); }
};

enum class Verdict {
  met,
  missed,
  not_applicable,  ///< The subject's contract rules it out.
  not_measured     ///< A tool or a limit of this machine does.
};

struct Figure {
  std::string text;
  Verdict verdict = Verdict::missed;
};

/// How much is done: all of it by hand, little in CI.
struct Scale {
  bool full = true;

  /// The one or the other.
  template <class T>
  [[nodiscard]] T pick(T all, T little) const {
    return full ? all : little;
  }
};

struct Row {
  std::string name;
  std::string what;
  std::string target;
  std::function<Figure(const Subject&, const Scale&)> measure;
  unsigned at_once = 1;  ///< How many subjects do not disturb each other's figures.
  bool costly = false;   ///< The short form measures it on one facility only, and no peers.
};

/// Every row of the scoreboard, in its order.
std::vector<Row> all_rows();

Row injected_errno();
Row signal_storm();
Row idle();
Row out_of_descriptors();
Row resets();
Row bytes_in_order();
Row deaf_member();
Row flood();
Row many_connections();
Row churn();
Row random_input();

/// 10,000
std::string grouped(std::uint64_t number);

/// With so many digits after the point.
std::string decimal(double value, int digits);

}  // namespace reliability
