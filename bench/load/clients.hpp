// The load's ends of the connections.
#pragma once

#include "server.hpp"

#include <selectors/socket.hpp>

#include <cstddef>
#include <vector>

namespace load {

using selectors::Socket;

/// So many connections to the server, which do not block; each is held by the server when this returns.
std::vector<Socket> connect_to(const Server& server, std::size_t count);

/// Ends the output of each, waits for the server's end, and closes: nobody is reset.
/// @throws std::runtime_error if anything else than the end comes.
void close_orderly(std::vector<Socket>& clients);

/// Epoll around clients that are told apart by their places.
class Poller {
 public:
  explicit Poller(const std::vector<Socket>& clients);

  /// The places of those that have something to read; throws if none has within two seconds.
  const std::vector<std::size_t>& wait();

 private:
  Socket epoll_;
  std::vector<std::size_t> ready_ = {};
};

/// Sends all of it, which the kernel must take at once.
void send_all(const Socket& client, const char* bytes, std::size_t size);

/// What is there, at most `size`; throws if the server has closed.
std::size_t receive(const Socket& client, char* buffer, std::size_t size);

}  // namespace load
