// The two loads, and what they were asked for.
#pragma once

#include "server.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace load {

/// What was asked for: words such as `bytes=64`.
class Asked {
 public:
  /// @throws std::invalid_argument for a word that is no such thing.
  Asked(int count, char** words);

  /// @throws std::invalid_argument if it was not given.
  std::uint64_t operator[](const std::string& name) const;

 private:
  std::map<std::string, std::uint64_t> values_;
};

/// Figures by their names, and `latencies_us`, as one line of JSON.
std::string as_json(const std::vector<std::pair<const char*, double>>& figures, const std::vector<double>& latencies);

/// Each connection sends its message again when all of it has come back: `connections`, `bytes`, `warm_up` and `length`
/// in milliseconds.
/// @returns the figures as one line of JSON.
/// @throws std::runtime_error if another byte comes back than was sent.
std::string echo(Server& server, const Asked& asked);

/// `members` of a chat, the first of whom (`speaking`, four at the most) say messages of `bytes` each and keep
/// `on_the_way` of them on the way that not all have heard yet. If `deaf` is 1, there is one more, which never reads.
/// Either `warm_up` and `length` in milliseconds say how long that takes, or `messages` how many there are.
/// @returns the figures as one line of JSON; latencies only if one message of each speaker is on the way.
/// @throws std::runtime_error if a byte is lost, comes twice, or comes out of its speaker's order.
std::string chat(Server& server, const Asked& asked);

}  // namespace load
