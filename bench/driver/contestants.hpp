// Who is measured: the programs that the build has made, and the lessons' servers.
#pragma once

#include "support/process.hpp"

#include <optional>
#include <string>
#include <vector>

namespace bench {

struct Contestant {
  std::string name;
  std::string command;  ///< Shell words; empty if the peer is not installed.
  std::string package;  ///< What would bring it.

  bool present() const { return !command.empty(); }

  /// Its program, called with these words.
  support::Command call(const std::string& words) const { return {name, command + " " + words}; }
};

/// As the build has written them down; the chosen ones (all, if none is named), and raw.
/// @throws std::runtime_error if the file cannot be read.
std::vector<Contestant> contestants(const std::string& path, const std::vector<std::string>& chosen);

/// `libuv 1.44.2`, `libev: not installed (libev-dev)`, a line each.
std::vector<std::string> versions(const std::vector<Contestant>& all);

}  // namespace bench
