#include <selectors/socket.hpp>

#include "socket_calls.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

#include <limits>

namespace selectors {
namespace {

// Linux's names, and Apple's for the same.
#ifdef TCP_KEEPIDLE
constexpr int keep_idle = TCP_KEEPIDLE;
#else
constexpr int keep_idle = TCP_KEEPALIVE;
#endif
#ifdef TCP_USER_TIMEOUT
constexpr int user_timeout = TCP_USER_TIMEOUT;
using UserTimeoutUnit = std::chrono::milliseconds;
#else
constexpr int user_timeout = TCP_RXT_CONNDROPTIME;
using UserTimeoutUnit = std::chrono::seconds;
#endif

/// A length of time as the kernel takes it; one that it would take for another by cutting it off is made invalid.
template <class Duration>
int as_option(Duration length) {
  return length.count() < 0 || length.count() > std::numeric_limits<int>::max() ? -1 : static_cast<int>(length.count());
}

}  // namespace

void Socket::set_reuse_address() { set_option(fd_, SOL_SOCKET, SO_REUSEADDR, 1, "set SO_REUSEADDR"); }

void Socket::set_no_delay(bool on) { set_option(fd_, IPPROTO_TCP, TCP_NODELAY, on ? 1 : 0, "set TCP_NODELAY"); }

bool Socket::get_no_delay() const { return get_option(fd_, IPPROTO_TCP, TCP_NODELAY, "get TCP_NODELAY") != 0; }

void Socket::set_keep_alive(std::chrono::seconds idle, std::chrono::seconds interval, int probes) {
  // The times first: while SO_KEEPALIVE is off they have no effect, so a refusal leaves all as it was in effect.
  set_option(fd_, IPPROTO_TCP, keep_idle, as_option(idle), "set the idle time of keep-alive");
  set_option(fd_, IPPROTO_TCP, TCP_KEEPINTVL, as_option(interval), "set TCP_KEEPINTVL");
  set_option(fd_, IPPROTO_TCP, TCP_KEEPCNT, probes, "set TCP_KEEPCNT");
  set_option(fd_, SOL_SOCKET, SO_KEEPALIVE, 1, "set SO_KEEPALIVE");
}

void Socket::set_user_timeout(std::chrono::milliseconds limit) {
  set_option(fd_, IPPROTO_TCP, user_timeout, as_option(std::chrono::ceil<UserTimeoutUnit>(limit)),
             "set the limit for unacknowledged data");
}

void Socket::setblocking(bool blocking) {
  const int flags = checked(fcntl(fd_, F_GETFL), [&] { return on_fd("read the flags", fd_); });
  const int wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
  checked(fcntl(fd_, F_SETFL, wanted), [&] { return on_fd("set O_NONBLOCK", fd_); });
}

bool Socket::getblocking() const {
  return (checked(fcntl(fd_, F_GETFL), [&] { return on_fd("read the flags", fd_); }) & O_NONBLOCK) == 0;
}

std::size_t Socket::unacknowledged() const {
  int count = 0;
#ifdef SO_NWRITE
  count = get_option(fd_, SOL_SOCKET, SO_NWRITE, "get SO_NWRITE");
#else
  checked(ioctl(fd_, TIOCOUTQ, &count), [&] { return on_fd("ask how much is on its way", fd_); });
#endif
  return static_cast<std::size_t>(count);
}

}  // namespace selectors
