#include "peer.hpp"

#include "descriptor.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <system_error>
#include <utility>

namespace support {
namespace {

constexpr std::size_t chunk = 65536;

/// The bytes that came, and what came after them: an error, the end, or nothing if `then` is empty.
std::string what_came(std::string_view bytes, const std::string& then) {
  if (bytes.empty()) return then.empty() ? "nothing came" : then;
  return shown(bytes) + " came, then " + (then.empty() ? "nothing more" : then);
}

std::string with_end(std::string_view bytes) {
  return (bytes.empty() ? "" : shown(bytes) + " and ") + "the end of the input";
}

sockaddr_in loopback(const std::string& host, int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

#ifdef MSG_NOSIGNAL
constexpr int send_flags = MSG_NOSIGNAL;
#else
constexpr int send_flags = 0;  // start_process ignores SIGPIPE
#endif

int make_socket() {
  const int fd = not_inherited(socket(AF_INET, SOCK_STREAM, 0));
  fcntl(fd, F_SETFL, O_NONBLOCK);
  return fd;
}

int listening_socket(int& port) {
  const int fd = make_socket();
  sockaddr_in address = loopback("127.0.0.1", 0);
  socklen_t size = sizeof address;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), size) < 0)
    throw std::system_error(errno, std::system_category(), "bind");
  listen(fd, 128);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return fd;
}

void send_at_once(int fd) {
  const int yes = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

}  // namespace

Peer::Peer(Story& story, int port, std::string name, int receive_buffer, const std::string& host)
    : story_(story), name_(std::move(name)), fd_(make_socket()) {
  send_at_once(fd_);
  if (receive_buffer > 0) setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const sockaddr_in address = loopback(host, port);
  int error = 0;
  socklen_t size = sizeof error;
  if (connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0 && errno != EINPROGRESS)
    error = errno;
  else if (!wait(POLLOUT, story_.deadline()))
    error = ETIMEDOUT;
  else
    getsockopt(fd_, SOL_SOCKET, SO_ERROR, &error, &size);
  story_.expect(error == 0, name_ + " connects to port " + std::to_string(port), std::strerror(error));
  learn_address();
  story_.tell(name_, "connects from " + address_);
}

Peer::Peer(Story& story, std::string name, int fd) : story_(story), name_(std::move(name)), fd_(fd) {
  fcntl(fd_, F_SETFL, O_NONBLOCK);
  send_at_once(fd_);
  learn_address();
}

Peer::Peer(Peer&& other) noexcept
    : story_(other.story_),
      name_(std::move(other.name_)),
      address_(std::move(other.address_)),
      fd_(std::exchange(other.fd_, -1)) {}

Peer::~Peer() { ::close(fd_); }

void Peer::learn_address() {
  sockaddr_in own{};
  socklen_t size = sizeof own;
  getsockname(fd_, reinterpret_cast<sockaddr*>(&own), &size);
  std::array<char, INET_ADDRSTRLEN> text{};
  inet_ntop(AF_INET, &own.sin_addr, text.data(), text.size());
  address_ = "('" + std::string(text.data()) + "', " + std::to_string(ntohs(own.sin_port)) + ")";
}

bool Peer::wait(short events, Clock::time_point deadline) const {
  pollfd waiting{fd_, events, 0};
  return poll(&waiting, 1, milliseconds_until(deadline)) > 0;
}

void Peer::send(std::string_view bytes) {
  story_.tell(name_, "sends " + shown(bytes));
  const auto deadline = story_.deadline();
  while (!bytes.empty()) {
    if (!wait(POLLOUT, deadline))
      story_.fail("the other side accepts all that " + name_ + " sends",
                  std::to_string(bytes.size()) + " bytes are left");
    const auto sent = ::send(fd_, bytes.data(), bytes.size(), send_flags);
    if (sent < 0) story_.fail("the other side accepts all that " + name_ + " sends", std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::size_t Peer::send_without_reading(std::string_view bytes) {
  std::size_t total = 0;
  while (total < bytes.size() && wait(POLLOUT, Clock::now() + std::chrono::milliseconds(500))) {
    const auto sent = ::send(fd_, bytes.data() + total, bytes.size() - total, send_flags);
    if (sent < 0 && (errno == EPIPE || errno == ECONNRESET))
      break;  // it may be dropped for that before it has finished
    if (sent < 0) story_.fail("the other side accepts all that " + name_ + " sends", std::strerror(errno));
    total += static_cast<std::size_t>(sent);
  }
  story_.tell(name_, "sends " + std::to_string(total) + " bytes and reads nothing");
  return total;
}

void Peer::expect_echo(std::string_view bytes) {
  story_.tell(name_, "sends " + shown(bytes) + " and reads the echo");
  const auto deadline = story_.deadline();
  const std::string_view all = bytes;
  const std::size_t size = all.size();
  const std::string expected = "all " + std::to_string(size) + " bytes come back";
  std::string back;
  while (back.size() < size) {
    const bool moved = wait(static_cast<short>(bytes.empty() ? POLLIN : POLLIN | POLLOUT), deadline);
    if (!moved) story_.fail(expected, "only " + std::to_string(back.size()) + " came back");
    if (const auto sent = bytes.empty() ? 0 : ::send(fd_, bytes.data(), bytes.size(), send_flags); sent > 0)
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    std::array<char, chunk> buffer{};
    const auto count = recv(fd_, buffer.data(), buffer.size(), 0);
    if (count > 0) back.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EAGAIN))
      story_.fail(expected, "after " + std::to_string(back.size()) +
                                " bytes: " + (count == 0 ? "the end of the input" : std::strerror(errno)));
  }
  story_.expect(back == all, "the same bytes come back", "these came back: " + shown(back));
}

std::string Peer::receive(std::size_t size) {
  return receive(size, name_ + " receives " + std::to_string(size) + " bytes");
}

std::string Peer::receive(std::size_t size, const std::string& expected) {
  const auto deadline = story_.deadline();
  std::string bytes;
  while (bytes.size() < size) {
    std::array<char, chunk> buffer{};
    const bool ready = wait(POLLIN, deadline);
    const auto count = ready ? recv(fd_, buffer.data(), std::min(buffer.size(), size - bytes.size()), 0) : -1;
    if (count <= 0)
      story_.fail(expected, what_came(bytes, !ready ? "" : count == 0 ? "the end of the input" : std::strerror(errno)));
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return bytes;
}

std::string Peer::drain() {
  std::string bytes;
  while (wait(POLLIN, Clock::now() + std::chrono::milliseconds(200))) {
    std::array<char, chunk> buffer{};
    const auto count = recv(fd_, buffer.data(), buffer.size(), 0);
    if (count <= 0) break;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
  story_.tell(name_, "receives " + std::to_string(bytes.size()) + " bytes: all that have arrived so far");
  return bytes;
}

void Peer::expect(std::string_view bytes) {
  const std::string expected = name_ + " receives " + shown(bytes);
  const std::string got = receive(bytes.size(), expected);
  story_.tell(name_, "receives " + shown(got));
  story_.expect(got == bytes, expected, "it received " + shown(got));
}

void Peer::expect_all(std::string_view expected) {
  const auto deadline = story_.deadline();
  std::string bytes;
  while (true) {
    std::array<char, chunk> buffer{};
    const bool ready = wait(POLLIN, deadline);
    const auto count = ready ? recv(fd_, buffer.data(), buffer.size(), 0) : -1;
    if (count == 0) break;
    if (count < 0)
      story_.fail(name_ + " receives " + with_end({}), what_came(bytes, ready ? std::strerror(errno) : ""));
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
  story_.tell(name_, "receives " + with_end(bytes));
  story_.expect(bytes == expected, name_ + " receives " + with_end(expected), "it received " + shown(bytes));
}

void Peer::expect_gone() {
  const auto deadline = story_.deadline();
  std::array<char, chunk> buffer{};
  while (true) {
    if (!wait(POLLIN, deadline)) story_.fail("the connection of " + name_ + " is closed", "it is still open");
    const auto count = recv(fd_, buffer.data(), buffer.size(), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN)) break;
  }
  story_.tell(name_, "notices that the connection has ended");
}

void Peer::expect_silence(int milliseconds) {
  char byte = 0;
  if (wait(POLLIN, Clock::now() + std::chrono::milliseconds(milliseconds)) && recv(fd_, &byte, 1, MSG_PEEK) >= 0)
    story_.fail("nothing arrives for " + name_ + " for now", "something arrived, or the end of the input");
}

void Peer::half_close() {
  story_.tell(name_, "finishes sending and goes on reading");
  shutdown(fd_, SHUT_WR);
}

void Peer::reset() {
  story_.tell(name_, "resets the connection");
  const linger at_once{1, 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(fd_, -1));
}

void Peer::close() {
  story_.tell(name_, "closes the connection");
  ::close(std::exchange(fd_, -1));
}

void expect_no_delay(Story& story, const std::function<void()>& exchange) {
  constexpr int turns = 30;
  int slow = 0;
  for (int turn = 0; turn < turns; ++turn) {
    const auto start = Clock::now();
    exchange();
    if (Clock::now() - start >= std::chrono::milliseconds(35)) ++slow;
  }
  story.expect(slow <= turns / 3, "the answers come at once",
               std::to_string(slow) + " of " + std::to_string(turns) + " took 35 ms or more");
}

Listener::Listener(Story& story) : story_(story), fd_(listening_socket(port_)) {}

Listener::~Listener() { close(fd_); }

Peer Listener::accept(const std::string& name) {
  pollfd waiting{fd_, POLLIN, 0};
  if (poll(&waiting, 1, milliseconds_until(story_.deadline())) <= 0)
    story_.fail("a client connects to port " + std::to_string(port_), "none came");
  const int fd = not_inherited(::accept(fd_, nullptr, nullptr));
  story_.tell(name, "accepts the client");
  return {story_, name, fd};
}

int unused_port() {
  int port = 0;
  close(listening_socket(port));
  return port;
}

std::string pattern(std::size_t size) {
  constexpr std::size_t width = 8;
  std::string bytes;
  bytes.reserve(size + width);
  while (bytes.size() < size) {
    const std::string place = "000000" + std::to_string(bytes.size());
    bytes.append(place, place.size() - (width - 1)).append(1, ' ');
  }
  bytes.resize(size);
  return bytes;
}

}  // namespace support
