#include <selectors/errors.hpp>
#include <selectors/socket.hpp>

#include "system_call.hpp"
#include "turned_away.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace selectors {
namespace {

#ifndef MSG_NOSIGNAL
constexpr int MSG_NOSIGNAL = 0;  // macOS has SO_NOSIGPIPE instead
#endif

std::string on_fd(const char* call, int fd) {
  return std::string(call) + " on " + (fd < 0 ? "a closed socket" : "fd " + std::to_string(fd));
}

const sockaddr* as_sockaddr(const Address& address) { return static_cast<const sockaddr*>(address.data()); }

socklen_t size_of(const Address& address) { return static_cast<socklen_t>(address.size()); }

int raw_accept(int fd, sockaddr_storage& peer) {
  socklen_t size = sizeof peer;
#ifdef __linux__
  return accept4(fd, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
#else
  const int conn = accept(fd, reinterpret_cast<sockaddr*>(&peer), &size);
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

/// What made a transfer fail: the program, by calling it on the wrong thing, or the connection.
[[noreturn]] void throw_transfer_error(const char* call, int fd) {
  const std::error_code error(errno, std::system_category());
  switch (error.value()) {
    case EBADF:
    case ENOTSOCK:
    case EINVAL:
    case EFAULT:
    case EOPNOTSUPP:
      throw std::system_error(error, on_fd(call, fd));
    default:
      throw ConnectionError(error, on_fd(call, fd));
  }
}

/// getsockname and getpeername have one shape.
template <class Call>
Address name_of(int fd, const char* name, const Call& call) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  checked(call(fd, reinterpret_cast<sockaddr*>(&storage), &size), [&] { return on_fd(name, fd); });
  return Address::from_sockaddr(&storage, size);
}

}  // namespace

Socket::Socket(Family family) {
  const int domain = family == Family::inet6 ? AF_INET6 : AF_INET;
#ifdef SOCK_CLOEXEC
  fd_ = checked(socket(domain, SOCK_STREAM | SOCK_CLOEXEC, 0), [] { return "make a socket"; });
#else
  fd_ = checked(socket(domain, SOCK_STREAM, 0), [] { return "make a socket"; });
  fcntl(fd_, F_SETFD, FD_CLOEXEC);
#endif
#ifdef SO_NOSIGPIPE
  const int yes = 1;
  setsockopt(fd_, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
#endif
}

Socket Socket::from_fileno(int fd) { return Socket(fd); }

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
    spare_fd_ = std::exchange(other.spare_fd_, -1);
    uses_ = other.uses_;
  }
  return *this;
}

void Socket::set_reuse_address() {
  const int yes = 1;
  checked(setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes), [&] { return on_fd("set SO_REUSEADDR", fd_); });
}

void Socket::bind(const Address& address) {
  checked(::bind(fd_, as_sockaddr(address), size_of(address)), [&] { return "bind to " + to_string(address); });
}

void Socket::listen(int backlog) {
  checked(::listen(fd_, backlog), [&] { return on_fd("listen", fd_); });
  if (spare_fd_ < 0)
    spare_fd_ = checked(open_spare(), [&] { return on_fd("keep a descriptor in reserve to listen", fd_); });
}

std::optional<Accepted> Socket::accept() {
  while (true) {
    sockaddr_storage peer{};
    Socket conn(raw_accept(fd_, peer));
    if (conn.fileno() >= 0) {
      ++uses_;
      if (spare_fd_ < 0) spare_fd_ = open_spare();  // a listening socket from elsewhere gets its reserve now
      if (peer.ss_family == AF_UNSPEC) continue;    // the BSDs: reset while it waited
      return Accepted{std::move(conn), Address::from_sockaddr(&peer, sizeof peer)};
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
      case EPERM:
      case ENOBUFS:
      case ENOMEM:
        return std::nullopt;
      default:
        throw_errno(on_fd("accept", fd_));
    }
  }
}

std::optional<Accepted> Socket::accept_with_spare() {
  if (spare_fd_ < 0) throw_errno(on_fd("accept", fd_));
  const int error = errno;
  ::close(std::exchange(spare_fd_, -1));
  sockaddr_storage peer{};
  Socket conn(raw_accept(fd_, peer));
  spare_fd_ = open_spare();
  if (spare_fd_ >= 0 && conn.fileno() >= 0) {
    ++uses_;
    return Accepted{std::move(conn), Address::from_sockaddr(&peer, sizeof peer)};
  }
  const bool turned_away = conn.fileno() >= 0;
  conn.close();  // the client is told now instead of waiting in the queue for nobody knows how long
  if (spare_fd_ < 0) spare_fd_ = open_spare();
  if (turned_away) {
    ++uses_;
    tell_turned_away(fd_, error);
  }
  return std::nullopt;
}

void Socket::connect(const Address& address) {
  if (const auto error = connect_ex(address)) throw std::system_error(error, "connect to " + to_string(address));
}

std::error_code Socket::connect_ex(const Address& address) {
  ++uses_;
  if (::connect(fd_, as_sockaddr(address), size_of(address)) == 0) return {};
  if (errno == EINTR && getblocking()) {  // the connecting goes on: wait for its end instead of asking again
    pollfd waiting{fd_, POLLOUT, 0};
    if (retried([&] { return poll(&waiting, 1, -1); }) > 0) return take_error();
  }
  return {errno == EINTR ? EINPROGRESS : errno, std::system_category()};
}

std::error_code Socket::take_error() {
  ++uses_;
  int error = 0;
  socklen_t size = sizeof error;
  checked(getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size), [&] { return on_fd("get SO_ERROR", fd_); });
  return {error, std::system_category()};
}

std::size_t Socket::send(std::string_view data) {
  const auto sent = retried([&] { return ::send(fd_, data.data(), data.size(), MSG_NOSIGNAL); });
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
  if (sent != 0) ++uses_;
  if (sent >= 0) return static_cast<std::size_t>(sent);
  throw_transfer_error("send", fd_);
}

std::optional<std::string_view> Socket::recv_into(std::span<char> buffer) {
  if (buffer.empty()) throw ValueError("recv: size 0 cannot tell data from the end");
  const auto received = retried([&] { return ::recv(fd_, buffer.data(), buffer.size(), 0); });
  if (received > 0) {
    ++uses_;  // to read the end again and again gets nothing done
  } else if (received < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
    ++uses_;
    throw_transfer_error("recv", fd_);
  }
  return std::string_view(buffer.data(), static_cast<std::size_t>(received));
}

std::optional<std::string> Socket::recv(std::size_t size) {
  // What comes is most often much less than may come: a string of that size would be cleared for nothing.
  std::array<char, 16'384> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const auto received = recv_into(std::span(buffer).first(std::min(size, buffer.size())));
  return received ? std::optional<std::string>(*received) : std::nullopt;
}

void Socket::setblocking(bool blocking) {
  const int flags = checked(fcntl(fd_, F_GETFL), [&] { return on_fd("read the flags", fd_); });
  const int wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  checked(fcntl(fd_, F_SETFL, wanted), [&] { return on_fd("set O_NONBLOCK", fd_); });
}

bool Socket::getblocking() const {
  return (checked(fcntl(fd_, F_GETFL), [&] { return on_fd("read the flags", fd_); }) & O_NONBLOCK) == 0;
}

void Socket::shutdown(Shutdown how) {
  const int direction = how == Shutdown::read ? SHUT_RD : how == Shutdown::write ? SHUT_WR : SHUT_RDWR;
  checked(::shutdown(fd_, direction), [&] { return on_fd("shutdown", fd_); });
}

Address Socket::getsockname() const { return name_of(fd_, "getsockname", ::getsockname); }

Address Socket::getpeername() const { return name_of(fd_, "getpeername", ::getpeername); }

int Socket::detach() noexcept {
  const int fd = std::exchange(fd_, -1);
  close();
  return fd;
}

void Socket::close() noexcept {
  // close(2) frees the number whatever it answers, EINTR too on Linux: asking again could close somebody else's.
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  if (spare_fd_ >= 0) ::close(std::exchange(spare_fd_, -1));
}

std::pair<Socket, Socket> socketpair() {
  std::array<int, 2> fds{};
#ifdef SOCK_CLOEXEC
  checked(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), [] { return "make a socket pair"; });
#else
  checked(::socketpair(AF_UNIX, SOCK_STREAM, 0, fds.data()), [] { return "make a socket pair"; });
  for (const int fd : fds) fcntl(fd, F_SETFD, FD_CLOEXEC);
#endif
  return {Socket::from_fileno(fds[0]), Socket::from_fileno(fds[1])};
}

}  // namespace selectors
