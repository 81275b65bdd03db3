#include <selectors/errors.hpp>
#include <selectors/socket.hpp>

#include "socket_calls.hpp"

#include <algorithm>
#include <array>

namespace selectors {
namespace {

/// Throws std::system_error if the program called it on something wrong, and ConnectionError if the connection failed.
[[noreturn]] void throw_transfer_error(const char* call, int fd) {
  const std::error_code error = os::error(errno);
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

/// Calls getsockname or getpeername, which have the same form.
template <class Call>
Address name_of(int fd, const char* name, const Call& call) {
  KernelAddress found;
  checked(call(fd, found.data(), &found.size), [&] { return on_fd(name, fd); });
  return found.address();
}

}  // namespace

Socket::Socket(Family family) {
  const int domain = family == Family::unix_domain ? AF_UNIX : family == Family::inet6 ? AF_INET6 : AF_INET;
  fd_ = checked(os::make_socket(domain), [] { return "make a socket"; });
}

Socket Socket::from_fileno(int fd) { return Socket(fd); }

void Socket::bind(const Address& address) {
  checked(os::bind(fd_, as_sockaddr(address), size_of(address)), [&] { return "bind to " + to_string(address); });
}

std::size_t Socket::send(std::string_view data) {
  const auto sent = retried([&] { return os::send(fd_, data.data(), data.size()); });
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return 0;
  if (sent != 0) ++uses_;
  if (sent >= 0) return static_cast<std::size_t>(sent);
  throw_transfer_error("send", fd_);
}

std::optional<std::string_view> Socket::recv_into(std::span<char> buffer) {
  if (buffer.empty())
    throw ValueError("recv: the size is 0, but it must be at least 1: an empty result means the end of input");
  const auto received = retried([&] { return os::recv(fd_, buffer.data(), buffer.size()); });
  if (received > 0) {
    ++uses_;  // reading the end again and again gets nothing done
  } else if (received < 0) {
    if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;
    ++uses_;
    throw_transfer_error("recv", fd_);
  }
  return std::string_view(buffer.data(), static_cast<std::size_t>(received));
}

std::optional<std::string> Socket::recv(std::size_t size) {
  // Usually much less comes than is allowed, so clearing a string of the full size would be a waste.
  std::array<char, 16'384> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  const auto received = recv_into(std::span(buffer).first(std::min(size, buffer.size())));
  return received ? std::optional<std::string>(*received) : std::nullopt;
}

void Socket::shutdown(Shutdown how) {
  const int direction = how == Shutdown::read ? SHUT_RD : how == Shutdown::write ? SHUT_WR : SHUT_RDWR;
  checked(os::shutdown(fd_, direction), [&] { return on_fd("shutdown", fd_); });
}

Address Socket::getsockname() const { return name_of(fd_, "getsockname", os::getsockname); }

Address Socket::getpeername() const { return name_of(fd_, "getpeername", os::getpeername); }

int Socket::detach() noexcept {
  const int fd = std::exchange(fd_, -1);
  close();
  return fd;
}

void Socket::close_descriptors() noexcept {
  // close(2) frees the number whatever it returns, on Linux even with EINTR: a second call could close another file.
  if (fd_ >= 0) os::close(std::exchange(fd_, -1));
  if (spare_fd_ >= 0) os::close(std::exchange(spare_fd_, -1));
}

std::pair<Socket, Socket> socketpair() {
  const auto [one, other] = os::make_socketpair();
  return {Socket::from_fileno(one), Socket::from_fileno(other)};
}

}  // namespace selectors
