#include <selectors/socket.hpp>

#include "socket_calls.hpp"
#include "turned_away.hpp"

namespace selectors {
namespace {

/// Returns `, ('127.0.0.1', 80)`, or an empty string. Leaves errno as it was.
std::string own_name(int fd) {
  const int error = errno;
  KernelAddress own;
  const bool known = os::getsockname(fd, own.data(), &own.size) == 0;
  std::string name = known ? ", " + to_string(own.address()) : "";
  errno = error;
  return name;
}

}  // namespace

void Socket::listen(int backlog) {
  // If two sockets were bound to one port, the second call to listen fails here, so the error has to name the port.
  checked(os::listen(fd_, backlog), [&] { return on_fd("listen", fd_) + own_name(fd_); });
  if (spare_fd_ < 0)
    spare_fd_ = checked(os::open_spare(), [&] { return on_fd("keep a descriptor in reserve to listen", fd_); });
}

std::optional<Accepted> Socket::accept() {
  while (true) {
    KernelAddress peer;
    Socket conn(os::accept(fd_, peer.data(), &peer.size));
    if (conn.fileno() >= 0) {
      ++uses_;
      if (spare_fd_ < 0) spare_fd_ = os::open_spare();    // one from from_fileno gets its reserve now
      if (peer.storage.ss_family == AF_UNSPEC) continue;  // the BSDs: reset while it waited
      return Accepted{std::move(conn), peer.address()};
    }
    switch (errno) {
      case EINTR:
      case ECONNABORTED:  // gone while it waited; the next one may still be there
      case EPROTO:
        continue;
      case EMFILE:
      case ENFILE:
        return accept_with_spare();
      case EAGAIN:
        return std::nullopt;
      case EPERM:
      case ENOBUFS:
      case ENOMEM:
        return rest(errno);
      default:
        if (os::concerns_one_connection(errno)) return std::nullopt;  // accept(2) says to treat them like EAGAIN
        throw_errno(on_fd("accept", fd_));
    }
  }
}

std::optional<Accepted> Socket::accept_with_spare() {
  if (spare_fd_ < 0) throw_errno(on_fd("accept", fd_));
  const int error = errno;
  os::close(std::exchange(spare_fd_, -1));
  KernelAddress peer;
  Socket conn(os::accept(fd_, peer.data(), &peer.size));
  spare_fd_ = os::open_spare();
  if (spare_fd_ >= 0 && conn.fileno() >= 0) {
    ++uses_;
    return Accepted{std::move(conn), peer.address()};
  }
  const bool turned_away = conn.fileno() >= 0;
  conn.close();  // so that the client notices now, and does not wait in the queue
  if (spare_fd_ < 0) spare_fd_ = os::open_spare();
  if (!turned_away) return rest(error);
  ++uses_;
  tell_turned_away(fd_, error);
  return std::nullopt;
}

/// Leaves the client in the queue. The listening socket stays ready, so a selector has to give it a rest.
std::optional<Accepted> Socket::rest(int error) {
  needs_rest_ = true;
  tell_turned_away(fd_, error);
  return std::nullopt;
}

}  // namespace selectors
