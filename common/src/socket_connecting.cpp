#include <selectors/socket.hpp>

#include "socket_calls.hpp"

#include <cstring>

namespace selectors {
namespace {

/// Returns true if both ends of a connection are the same socket. If the kernel does not say, it counts as two.
bool meets_itself(int fd) {
  KernelAddress own;
  KernelAddress peer;
  if (os::getsockname(fd, own.data(), &own.size) < 0) return false;
  if (own.storage.ss_family != AF_INET && own.storage.ss_family != AF_INET6) return false;  // a socketpair has no names
  if (os::getpeername(fd, peer.data(), &peer.size) < 0) return false;
  return own.size == peer.size && std::memcmp(&own.storage, &peer.storage, static_cast<std::size_t>(own.size)) == 0;
}

/// Returns no error for an established connection, except for one with itself. Such a connection is dissolved as if it
/// had been refused, so that the port is free at once for the server that may still come.
std::error_code unless_it_meets_itself(int fd) {
  if (!meets_itself(fd)) return {};
  sockaddr nobody{};
  nobody.sa_family = AF_UNSPEC;
  if (os::connect(fd, &nobody, sizeof nobody) < 0) os::shutdown(fd, SHUT_RDWR);  // only Linux dissolves it this way
  static_cast<void>(os::take_error(fd));  // clears the error that the dissolving left
  return os::error(ECONNREFUSED);
}

}  // namespace

void Socket::connect(const Address& address) {
  if (const auto error = connect_ex(address)) throw std::system_error(error, "connect to " + to_string(address));
}

std::error_code Socket::connect_ex(const Address& address) {
  ++uses_;
  if (os::connect(fd_, as_sockaddr(address), size_of(address)) == 0) return unless_it_meets_itself(fd_);
  if (errno == EINTR && getblocking()) {  // connecting goes on: wait until it ends, do not call again
    if (retried([&] { return os::wait_for_room(fd_); }) > 0) return take_error();
  }
  return os::error(errno == EINTR ? EINPROGRESS : errno);
}

std::error_code Socket::take_error() {
  ++uses_;
  const int error = checked(os::take_error(fd_), [&] { return on_fd("get SO_ERROR", fd_); });
  return error == 0 ? unless_it_meets_itself(fd_) : os::error(error);
}

}  // namespace selectors
