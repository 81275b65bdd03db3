// The servers that take part: those of the contestants, and the lessons' own.
#pragma once

#include "contestants.hpp"
#include "running.hpp"

#include <memory>
#include <string>
#include <vector>

namespace bench {

struct ServerUnderTest {
  std::string name;
  support::Command command;
  bool lines = false;  ///< Its output goes to a file.

  /// @param under what runs it: strace, say.
  std::unique_ptr<Service> start(const std::string& under = {}) const;
};

/// Raw and 06-multiconn with --quiet, both with lines too, and the peers; of `all`, those that are there.
std::vector<ServerUnderTest> echo_servers(const std::vector<Contestant>& all);

/// Raw, 07-chat with --quiet, and the peers.
std::vector<ServerUnderTest> chat_servers(const std::vector<Contestant>& all);

}  // namespace bench
