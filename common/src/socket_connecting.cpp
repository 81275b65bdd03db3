#include <selectors/socket.hpp>

#include "socket_calls.hpp"

#include <netinet/in.h>
#include <poll.h>

#include <cstring>

namespace selectors {
namespace {

/// True if a connection has one socket at both ends. If the kernel does not say, it is a connection like any other.
bool meets_itself(int fd) {
  KernelAddress own;
  KernelAddress peer;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&own.storage), &own.size) < 0) return false;
  if (own.storage.ss_family != AF_INET && own.storage.ss_family != AF_INET6) return false;  // a socketpair has no names
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&peer.storage), &peer.size) < 0) return false;
  return own.size == peer.size && std::memcmp(&own.storage, &peer.storage, own.size) == 0;
}

/// What a connection that stands is worth. One with itself is dissolved, as if it had been refused: the port is free at
/// once, for the server that is still to come.
std::error_code unless_it_meets_itself(int fd) {
  if (!meets_itself(fd)) return {};
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (::connect(fd, &nobody, sizeof nobody) < 0) ::shutdown(fd, SHUT_RDWR);  // only Linux dissolves in this way
  int own_reset = 0;  // what the dissolving leaves pending is nobody's business
  socklen_t size = sizeof own_reset;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &own_reset, &size);
  return {ECONNREFUSED, std::system_category()};
}

}  // namespace

void Socket::connect(const Address& address) {
  if (const auto error = connect_ex(address)) throw std::system_error(error, "connect to " + to_string(address));
}

std::error_code Socket::connect_ex(const Address& address) {
  ++uses_;
  if (::connect(fd_, as_sockaddr(address), size_of(address)) == 0) return unless_it_meets_itself(fd_);
  if (errno == EINTR && getblocking()) {  // the connecting goes on: wait for its end instead of asking again
    pollfd waiting{fd_, POLLOUT, 0};
    if (retried([&] { return poll(&waiting, 1, -1); }) > 0) return take_error();
  }
  return {errno == EINTR ? EINPROGRESS : errno, std::system_category()};
}

std::error_code Socket::take_error() {
  ++uses_;
  const int error = get_option(fd_, SOL_SOCKET, SO_ERROR, "get SO_ERROR");
  return error == 0 ? unless_it_meets_itself(fd_) : std::error_code(error, std::system_category());
}

}  // namespace selectors
