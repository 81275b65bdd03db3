// What the randomized test registers. Past the Socket class, which is not under test here.
#include "random_model.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

namespace random_test {
namespace {

using Ends = std::pair<Socket, Socket>;

int checked(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::system_category(), call);
  return result;
}

Ends connect_by_tcp() {
  static unsigned count = 0;  // on one address the ports run out, because old connections linger on them for a minute
  const std::string host = "127.1." + std::to_string(count / 250 % 250) + "." + std::to_string(1 + count % 250);
  ++count;
  Socket listener(Family::inet);
  listener.bind(Address(host, 0));
  listener.listen(1);
  Socket far_end(Family::inet);
  const int small = 4096;  // so that it is full soon
  setsockopt(far_end.fileno(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  far_end.connect(listener.getsockname());
  Socket near_end = listener.accept().value().conn;
  near_end.set_no_delay();
  far_end.set_no_delay();
  return {std::move(near_end), std::move(far_end)};
}

Socket open_slave(int master) {
  std::array<char, 64> path{};
  checked(ptsname_r(master, path.data(), path.size()), "ptsname_r");
  Socket slave = Socket::from_fileno(checked(open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC), "open a terminal"));
  termios plain{};
  checked(tcgetattr(slave.fileno(), &plain), "tcgetattr");
  cfmakeraw(&plain);
  checked(tcsetattr(slave.fileno(), TCSANOW, &plain), "tcsetattr");
  slave.setblocking(false);
  return slave;
}

Ends open_terminal() {
  Socket master = Socket::from_fileno(checked(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), "posix_openpt"));
  checked(grantpt(master.fileno()), "grantpt");
  checked(unlockpt(master.fileno()), "unlockpt");
  Socket slave = open_slave(master.fileno());
  return {std::move(master), std::move(slave)};
}

Ends connect(Kind kind) {
  switch (kind) {
    case Kind::unix_sockets:
      return socketpair();
    case Kind::tcp:
      return connect_by_tcp();
    case Kind::terminal_master:
      return open_terminal();
    case Kind::terminal_slave:
      break;
  }
  auto [master, slave] = open_terminal();
  return {std::move(slave), std::move(master)};
}

Ends connect(Kind kind, bool swapped) {
  auto ends = connect(kind);
  if (swapped && (kind == Kind::unix_sockets || kind == Kind::tcp)) std::swap(ends.first, ends.second);
  ends.first.setblocking(false);
  ends.second.setblocking(false);
  return ends;
}

void read_all(int fd) {
  static std::array<char, 65'536> buffer;
  while (read(fd, buffer.data(), buffer.size()) > 0) {
  }
}

}  // namespace

Line::Line(Kind kind, bool swapped) : Line(kind, connect(kind, swapped)) {}

void Line::make_readable() {
  arriving_ = true;
  if (is_terminal())
    static_cast<void>(!write(far_.fileno(), "x", 1));
  else
    ::send(far_.fileno(), "x", 1, MSG_NOSIGNAL);
}

void Line::drain() { read_all(fd); }

void Line::fill() {
  static const std::array<char, 16'384> bytes{};
  if (is_terminal()) {
    while (write(fd, bytes.data(), bytes.size()) > 0) {
    }
    return;
  }
  const int small = 4096;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  while (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0) {
  }
}

void Line::make_writable() { read_all(far_.fileno()); }

void Line::hang_up(std::size_t how) {
  if (how == 0 || is_terminal()) return far_.close();
  if (how == 1) {  // the near end gets a reset, if it is TCP
    const linger at_once{1, 0};
    setsockopt(far_.fileno(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return far_.close();
  }
  shutdown(how == 2 ? fd : far_.fileno(), how == 3 ? SHUT_RDWR : SHUT_WR);
}

void Line::come_back() {
  if (kind_ == Kind::terminal_master && far_.fileno() < 0) far_ = open_slave(fd);
}

}  // namespace random_test
