#include "clients.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace load {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw std::system_error(errno, std::system_category(), what); }

Socket connect_to(int port) {
  Socket client = Socket::from_fileno(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const timeval patience{5, 0};
  setsockopt(client.fileno(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const int yes = 1;
  setsockopt(client.fileno(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);  // send each message at once
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(client.fileno(), reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0)
    refuse("connect to port " + std::to_string(port));
  fcntl(client.fileno(), F_SETFL, O_NONBLOCK);
  return client;
}

}  // namespace

void Server::wait_for_connections(std::size_t count) const {
  const auto end = Clock::now() + std::chrono::seconds(10);
  while (support::open_descriptors(pid_) < descriptors_before_ + count) {
    if (Clock::now() > end)
      throw std::runtime_error("it has not accepted " + std::to_string(count) + " connections within 10 s");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::vector<Socket> connect_to(const Server& server, std::size_t count) {
  constexpr std::size_t at_once = 100;  // fits every server's backlog
  std::vector<Socket> clients;
  while (clients.size() < count) {
    for (std::size_t i = 0; i < at_once && clients.size() < count; ++i) clients.push_back(connect_to(server.port()));
    server.wait_for_connections(clients.size());
  }
  return clients;
}

void close_orderly(std::vector<Socket>& clients) {
  for (const auto& client : clients) shutdown(client.fileno(), SHUT_WR);
  std::array<char, 4096> buffer{};
  for (const auto& client : clients) {
    pollfd waiting{client.fileno(), POLLIN, 0};
    if (poll(&waiting, 1, 5000) <= 0) throw std::runtime_error("it does not close after a client's end");
    const auto count = recv(client.fileno(), buffer.data(), buffer.size(), 0);
    if (count > 0) throw std::runtime_error("it has sent " + std::to_string(count) + " bytes more than it was to");
    if (count < 0) refuse("wait for the server's end");
  }
  clients.clear();
}

Poller::Poller(const std::vector<Socket>& clients) : epoll_(Socket::from_fileno(epoll_create1(EPOLL_CLOEXEC))) {
  for (std::size_t i = 0; i < clients.size(); ++i) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = i;
    if (epoll_ctl(epoll_.fileno(), EPOLL_CTL_ADD, clients[i].fileno(), &event) < 0) refuse("epoll_ctl");
  }
}

const std::vector<std::size_t>& Poller::wait() {
  std::array<epoll_event, 256> events{};
  const int count = epoll_wait(epoll_.fileno(), events.data(), static_cast<int>(events.size()), 2000);
  if (count < 0) refuse("epoll_wait");
  if (count == 0) throw std::runtime_error("it does not answer: nothing came for two seconds");
  ready_.clear();
  for (int i = 0; i < count; ++i) {
    const std::uint64_t client = events[static_cast<std::size_t>(i)].data.u64;
    ready_.push_back(client);  // a copy, because an epoll_event is packed: no reference may lead into it
  }
  return ready_;
}

void send_all(const Socket& client, const char* bytes, std::size_t size) {
  const auto sent = send(client.fileno(), bytes, size, MSG_NOSIGNAL);
  if (sent < 0) refuse("send to the server");
  if (static_cast<std::size_t>(sent) != size)
    throw std::runtime_error("the kernel took " + std::to_string(sent) + " of " + std::to_string(size) + " bytes");
}

std::size_t receive(const Socket& client, char* buffer, std::size_t size) {
  const auto count = recv(client.fileno(), buffer, size, 0);
  if (count == 0) throw std::runtime_error("it has closed a connection");
  if (count < 0 && errno != EAGAIN) refuse("receive from the server");
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

}  // namespace load
