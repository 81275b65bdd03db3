#include <selectors/errors.hpp>
#include <selectors/socket.hpp>

#include "socket_calls.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace selectors {
namespace {

#ifndef MSG_NOSIGNAL
constexpr int MSG_NOSIGNAL = 0;  // macOS has SO_NOSIGPIPE instead
#endif

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
  KernelAddress found;
  checked(call(fd, reinterpret_cast<sockaddr*>(&found.storage), &found.size), [&] { return on_fd(name, fd); });
  return found.address();
}

}  // namespace

Socket::Socket(Family family) {
  const int domain = family == Family::unix_domain ? AF_UNIX : family == Family::inet6 ? AF_INET6 : AF_INET;
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

void Socket::bind(const Address& address) {
  checked(::bind(fd_, as_sockaddr(address), size_of(address)), [&] { return "bind to " + to_string(address); });
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

void Socket::close_descriptors() noexcept {
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
