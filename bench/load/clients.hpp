// The client ends of the connections.
#pragma once

#include "server.hpp"

#include <selectors/socket.hpp>

#include <cstddef>
#include <vector>

namespace load {

using selectors::Socket;

/// Makes this many non-blocking connections to the server. The server has accepted all of them when this returns.
std::vector<Socket> connect_to(const Server& server, std::size_t count);

/// Half-closes each connection, waits until the server has finished sending, and closes: no connection is reset.
/// @throws std::runtime_error if anything else comes than the end.
void close_orderly(std::vector<Socket>& clients);

/// Waits with epoll for clients, which it identifies by their places.
class Poller {
 public:
  explicit Poller(const std::vector<Socket>& clients);

  /// Returns the places of the clients that have something to read. Throws if there is none within two seconds.
  const std::vector<std::size_t>& wait();

 private:
  Socket epoll_;
  std::vector<std::size_t> ready_ = {};
};

/// Sends all bytes, which the kernel must take at once.
void send_all(const Socket& client, const char* bytes, std::size_t size);

/// Receives what is there, at most `size` bytes. Throws if the server has finished sending.
std::size_t receive(const Socket& client, char* buffer, std::size_t size);

}  // namespace load
