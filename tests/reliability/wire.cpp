#include "wire.hpp"

#include "support/story.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace reliability {

using support::Clock;

std::optional<Wire> Wire::connect(int port, std::chrono::milliseconds patience, int receive_buffer) {
  Wire wire(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (wire.fd_ < 0) return std::nullopt;
  if (receive_buffer > 0) setsockopt(wire.fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const int yes = 1;
  setsockopt(wire.fd_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // a small chunk is to go out as one
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(wire.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) {
    if (errno != EINPROGRESS || !wire.wait(POLLOUT, Clock::now() + patience)) return std::nullopt;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(wire.fd_, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) return std::nullopt;
  }
  return wire;
}

Wire& Wire::operator=(Wire&& other) noexcept {
  if (this != &other) {
    close();
    fd_ = std::exchange(other.fd_, -1);
    gone_ = other.gone_;
  }
  return *this;
}

bool Wire::wait(short events, Clock::time_point end) const {
  pollfd waiting{fd_, events, 0};
  return poll(&waiting, 1, support::milliseconds_until(end)) > 0;
}

std::size_t Wire::send_some(std::string_view bytes) {
  const auto sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN) gone_ = true;
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

bool Wire::send(std::string_view bytes, std::chrono::milliseconds patience) {
  const auto end = Clock::now() + patience;
  while (true) {
    bytes.remove_prefix(send_some(bytes));
    if (bytes.empty()) return true;
    if (gone_ || !wait(POLLOUT, end)) return false;
  }
}

std::size_t Wire::receive_some(char* buffer, std::size_t size) {
  const auto count = recv(fd_, buffer, size, 0);
  if (count == 0 || (count < 0 && errno != EAGAIN)) gone_ = true;
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

std::string Wire::receive(std::size_t size, std::chrono::milliseconds patience) {
  const auto end = Clock::now() + patience;
  std::string bytes;
  std::array<char, 16384> buffer{};
  while (bytes.size() < size && !gone_) {
    const auto count = receive_some(buffer.data(), std::min(buffer.size(), size - bytes.size()));
    bytes.append(buffer.data(), count);
    if (count == 0 && !gone_ && !wait(POLLIN, end)) break;
  }
  return bytes;
}

bool Wire::ask(std::string_view bytes, std::chrono::milliseconds patience) {
  return send(bytes, patience) && receive(bytes.size(), patience) == bytes;
}

void Wire::half_close() const { shutdown(fd_, SHUT_WR); }

void Wire::reset() {
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

void Wire::close() {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

}  // namespace reliability
