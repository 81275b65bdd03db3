#include "server.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <iostream>

namespace bench {

Descriptor listen_on_loopback() {
  Descriptor listener(checked(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  checked(bind(listener.fileno(), reinterpret_cast<const sockaddr*>(&address), sizeof address), "bind to 127.0.0.1");
  checked(listen(listener.fileno(), SOMAXCONN), "listen on 127.0.0.1");
  const int yes = 1;  // on Linux the accepted sockets inherit it
  checked(setsockopt(listener.fileno(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), "setsockopt TCP_NODELAY");
  socklen_t size = sizeof address;
  checked(getsockname(listener.fileno(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  std::cout << contestant.name << " listening on 127.0.0.1 port " << ntohs(address.sin_port) << std::endl;
  return listener;
}

Descriptor accept_one(const Descriptor& listener) {
  while (true) {
    const int fd = accept4(listener.fileno(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0 || (errno != ECONNABORTED && errno != EINTR)) return Descriptor(fd);
  }
}

std::string_view Connection::receive(std::vector<char>& lent) {
  const ssize_t count = recv(socket.fileno(), lent.data(), lent.size(), 0);
  if (count > 0) return {lent.data(), static_cast<std::size_t>(count)};
  if (count == 0 || errno != EAGAIN) ended = true;
  return {};
}

void Connection::send(std::string_view bytes) {
  if (rest.empty() && !bytes.empty()) {
    const ssize_t count = ::send(socket.fileno(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // A connection that is gone takes no more bytes. Its own event will report that it is gone.
    if (count < 0 && errno != EAGAIN) return;
    if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  rest += bytes;
}

}  // namespace bench
