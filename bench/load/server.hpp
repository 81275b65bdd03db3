// The server under load, seen from outside.
#pragma once

#include "support/measures.hpp"

#include <chrono>
#include <cstddef>

namespace load {

using Clock = std::chrono::steady_clock;

class Server {
 public:
  Server(int port, pid_t pid) : port_(port), pid_(pid) {}

  int port() const { return port_; }
  pid_t pid() const { return pid_; }

  /// Waits until it holds this many connections more than at first.
  void wait_for_connections(std::size_t count) const;

 private:
  int port_;
  pid_t pid_;
  std::size_t descriptors_before_ = support::open_descriptors(pid_);
};

}  // namespace load
