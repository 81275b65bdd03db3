// Clients of an echo server, each of which sends its message again when all of it has come back.
#pragma once

#include "running.hpp"

#include <cstddef>

namespace bench {

struct EchoLoad {
  std::size_t connections;
  std::size_t bytes;
  std::chrono::milliseconds warm_up;
  std::chrono::milliseconds length;
};

struct EchoFigures {
  double per_second;
  double cpu_ns;  ///< Of the server, for each request.
  double median_us;
  double p99_us;
};

/// @throws std::runtime_error if another byte comes back than was sent.
EchoFigures load_echo(Service& service, const EchoLoad& load);

}  // namespace bench
