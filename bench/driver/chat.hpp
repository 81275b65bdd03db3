// Members of a chat, four of whom speak, and all of whom account for every byte that they are to hear.
#pragma once

#include "running.hpp"

#include <cstddef>
#include <cstdint>

namespace bench {

struct ChatLoad {
  std::size_t members;  ///< That read; those that speak are among them.
  bool deaf = false;    ///< One more, which never reads.
  std::size_t bytes = 64;
  std::size_t on_the_way = 4;              ///< Messages of each speaker that not everybody has heard yet.
  std::chrono::milliseconds warm_up = {};  ///< Not measured.
  std::chrono::milliseconds length = {};   ///< So long is measured,
  std::uint64_t messages = 0;              ///< or, if this is not 0, so many messages, without a warm-up.
};

struct ChatFigures {
  double deliveries_per_second;
  double cpu_ns;             ///< Of the server, for each delivery.
  double longest_pause_ms;   ///< In which a member has heard nothing.
  double kept_per_byte;      ///< What the server's resident memory has grown by, for each byte said.
  double peak_growth_bytes;  ///< By how much it was larger than before the first message at the most.
};

/// @throws std::runtime_error if a byte is lost, comes twice, or comes out of its speaker's order.
ChatFigures load_chat(Service& service, const ChatLoad& load);

}  // namespace bench
