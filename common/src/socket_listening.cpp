#include <selectors/socket.hpp>

#include "socket_calls.hpp"
#include "turned_away.hpp"

#include <fcntl.h>
#include <unistd.h>

namespace selectors {
namespace {

int raw_accept(int fd, KernelAddress& peer) {
  auto* const address = reinterpret_cast<sockaddr*>(&peer.storage);
#ifdef __linux__
  return accept4(fd, address, &peer.size, SOCK_CLOEXEC);
#else
  const int conn = accept(fd, address, &peer.size);
  if (conn < 0) return conn;
  fcntl(conn, F_SETFD, FD_CLOEXEC);
  fcntl(conn, F_SETFL, fcntl(conn, F_GETFL) & ~O_NONBLOCK);  // the BSDs inherit it from the listening socket
#ifdef SO_NOSIGPIPE
  const int yes = 1;
  setsockopt(conn, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
#endif
  return conn;
#endif
}

int open_spare() { return open("/dev/null", O_RDONLY | O_CLOEXEC); }

/// `, ('127.0.0.1', 80)`, or nothing; leaves errno as it was.
std::string own_name(int fd) {
  const int error = errno;
  KernelAddress own;
  const bool known = getsockname(fd, reinterpret_cast<sockaddr*>(&own.storage), &own.size) == 0;
  std::string name = known ? ", " + to_string(own.address()) : "";
  errno = error;
  return name;
}

}  // namespace

void Socket::listen(int backlog) {
  // Of two that were bound to one port, the second finds out only here: the error has to say which port.
  checked(::listen(fd_, backlog), [&] { return on_fd("listen", fd_) + own_name(fd_); });
  if (spare_fd_ < 0)
    spare_fd_ = checked(open_spare(), [&] { return on_fd("keep a descriptor in reserve to listen", fd_); });
}

std::optional<Accepted> Socket::accept() {
  while (true) {
    KernelAddress peer;
    Socket conn(raw_accept(fd_, peer));
    if (conn.fileno() >= 0) {
      ++uses_;
      if (spare_fd_ < 0) spare_fd_ = open_spare();        // a listening socket from elsewhere gets its reserve now
      if (peer.storage.ss_family == AF_UNSPEC) continue;  // the BSDs: reset while it waited
      return Accepted{std::move(conn), peer.address()};
    }
    switch (errno) {
      case EINTR:
      case ECONNABORTED:  // gone while it waited: perhaps the next one is still there
      case EPROTO:
        continue;
      case EMFILE:
      case ENFILE:
        return accept_with_spare();
      case EAGAIN:
#if EWOULDBLOCK != EAGAIN
      case EWOULDBLOCK:
#endif
#ifdef ENONET
      case ENONET:
#endif
      case ENETDOWN:  // from here on: troubles of one new connection, which accept(2) says to treat like EAGAIN
      case ENOPROTOOPT:
      case EHOSTDOWN:
      case EHOSTUNREACH:
      case EOPNOTSUPP:
      case ENETUNREACH:
        return std::nullopt;
      case EPERM:
      case ENOBUFS:
      case ENOMEM:
        return rest(errno);
      default:
        throw_errno(on_fd("accept", fd_));
    }
  }
}

std::optional<Accepted> Socket::accept_with_spare() {
  if (spare_fd_ < 0) throw_errno(on_fd("accept", fd_));
  const int error = errno;
  ::close(std::exchange(spare_fd_, -1));
  KernelAddress peer;
  Socket conn(raw_accept(fd_, peer));
  spare_fd_ = open_spare();
  if (spare_fd_ >= 0 && conn.fileno() >= 0) {
    ++uses_;
    return Accepted{std::move(conn), peer.address()};
  }
  const bool turned_away = conn.fileno() >= 0;
  conn.close();  // the client learns it now, instead of waiting in the queue indefinitely
  if (spare_fd_ < 0) spare_fd_ = open_spare();
  if (!turned_away) return rest(error);
  ++uses_;
  tell_turned_away(fd_, error);
  return std::nullopt;
}

/// The client stays in the queue, and the listening socket stays ready.
std::optional<Accepted> Socket::rest(int error) {
  needs_rest_ = true;
  tell_turned_away(fd_, error);
  return std::nullopt;
}

}  // namespace selectors
