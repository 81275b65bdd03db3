// The two loads, and their parameters.
#pragma once

#include "server.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace load {

/// The parameters: words such as `bytes=64`.
class Asked {
 public:
  /// @throws std::invalid_argument for a word that does not have this form.
  Asked(int count, char** words);

  /// @throws std::invalid_argument if it was not given.
  std::uint64_t operator[](const std::string& name) const;

 private:
  std::map<std::string, std::uint64_t> values_;
};

/// Returns the figures with their names, and `latencies_us`, as one line of JSON.
std::string as_json(const std::vector<std::pair<const char*, double>>& figures, const std::vector<double>& latencies);

/// Each connection sends its message again when all of it has come back. Parameters: `connections`, `bytes`, and
/// `warm_up` and `length` in milliseconds.
/// @returns the figures as one line of JSON.
/// @throws std::runtime_error if the bytes that come back differ from those that were sent.
std::string echo(Server& server, const Asked& asked);

/// A chat with `members`. The first of them (`speaking`, at most four) say messages of `bytes` each, and keep
/// `on_the_way` messages on the way that not all have heard yet. If `deaf` is 1, there is one more member, which never
/// reads. The load lasts either `warm_up` and `length` milliseconds, or until there were `messages`.
/// @returns the figures as one line of JSON; latencies only if one message of each speaker is on the way.
/// @throws std::runtime_error if a byte is lost, comes twice, or comes out of its speaker's order.
std::string chat(Server& server, const Asked& asked);

}  // namespace load
