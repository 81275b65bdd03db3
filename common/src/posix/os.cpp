#include "os.hpp"

#include "socket_calls.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

namespace selectors::os {
namespace {

#ifdef SO_NOSIGPIPE
int without_sigpipe(int fd) noexcept {
  const int yes = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_NOSIGPIPE, &yes, sizeof yes);
  return fd;
}
#else
constexpr int without_sigpipe(int fd) noexcept { return fd; }  // `send` uses MSG_NOSIGNAL
#endif

#ifdef SOCK_CLOEXEC
constexpr int stream = SOCK_STREAM | SOCK_CLOEXEC;
constexpr int not_inherited(int fd) noexcept { return fd; }
#else
constexpr int stream = SOCK_STREAM;
int not_inherited(int fd) noexcept {
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
}
#endif

#ifdef __APPLE__
int open_pipe(std::array<int, 2>& fds) noexcept {
  if (pipe(fds.data()) < 0) return -1;
  for (const int fd : fds) {
    not_inherited(fd);
    fcntl(fd, F_SETFL, O_NONBLOCK);
  }
  return 0;
}
#else
int open_pipe(std::array<int, 2>& fds) noexcept { return pipe2(fds.data(), O_CLOEXEC | O_NONBLOCK); }
#endif

#ifdef ENONET
constexpr int no_network = ENONET;
#else
constexpr int no_network = ENETDOWN;
#endif

// Linux's names, and Apple's names for the same options.
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

}  // namespace

int make_socket(int domain) noexcept {
  const int fd = ::socket(domain, stream, 0);
  return fd < 0 ? fd : without_sigpipe(not_inherited(fd));
}

std::pair<int, int> make_socketpair() {
  std::array<int, 2> fds{};
  checked(::socketpair(AF_UNIX, stream, 0, fds.data()), [] { return "make a socket pair"; });
  return {not_inherited(fds[0]), not_inherited(fds[1])};
}

std::pair<int, int> make_pipe(const char* purpose) {
  std::array<int, 2> fds{};
  checked(open_pipe(fds), [purpose] { return std::string("make a pipe ") + purpose; });
  return {fds[0], fds[1]};
}

#ifdef __linux__
int accept(int fd, sockaddr* peer, socklen_t* size) noexcept { return ::accept4(fd, peer, size, SOCK_CLOEXEC); }
#else
int accept(int fd, sockaddr* peer, socklen_t* size) noexcept {
  const int conn = ::accept(fd, peer, size);
  if (conn < 0) return conn;
  fcntl(conn, F_SETFD, FD_CLOEXEC);
  static_cast<void>(set_blocking(conn, true));  // on the BSDs it is inherited from the listening socket
  return without_sigpipe(conn);
}
#endif

bool concerns_one_connection(int error) noexcept {
  constexpr auto such =
      std::to_array({ENETDOWN, ENOPROTOOPT, EHOSTDOWN, no_network, EHOSTUNREACH, EOPNOTSUPP, ENETUNREACH});
  return std::find(such.begin(), such.end(), error) != such.end();
}

int open_spare() noexcept { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

int take_error(int fd) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0 ? -1 : error;
}

int set_blocking(int fd, bool blocking) noexcept {
  const int flags = fcntl(fd, F_GETFL);
  return flags < 0 ? flags : fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

int is_blocking(int fd) noexcept {
  const int flags = fcntl(fd, F_GETFL);
  return flags < 0 ? flags : (flags & O_NONBLOCK) == 0;
}

void claim_address(int fd) { set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1, "set SO_REUSEADDR"); }

void set_keep_alive(int fd, int idle, int interval, int probes) {
  // The times first: as long as SO_KEEPALIVE is off they have no effect, so a refusal changes nothing in effect.
  set_option(fd, IPPROTO_TCP, keep_idle, idle, "set the idle time of keep-alive");
  set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, interval, "set TCP_KEEPINTVL");
  set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, probes, "set TCP_KEEPCNT");
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1, "set SO_KEEPALIVE");
}

void set_user_timeout(int fd, std::chrono::milliseconds limit) {
  set_option(fd, IPPROTO_TCP, user_timeout, as_option(std::chrono::ceil<UserTimeoutUnit>(limit)),
             "set the limit for unacknowledged data");
}

#ifdef SO_NWRITE
int count_unacknowledged(int fd) noexcept {
  int count = 0;
  socklen_t size = sizeof count;
  return ::getsockopt(fd, SOL_SOCKET, SO_NWRITE, &count, &size) < 0 ? -1 : count;
}
#else
int count_unacknowledged(int fd) noexcept {
  int count = 0;
  return ioctl(fd, TIOCOUTQ, &count) < 0 ? -1 : count;
}
#endif

std::optional<int> count_waiting(int fd, bool to_read) noexcept {
  struct stat status {};
  if (!to_read && (fstat(fd, &status) < 0 || !S_ISFIFO(status.st_mode))) return std::nullopt;
  int count = 0;
  if (ioctl(fd, FIONREAD, &count) < 0) return std::nullopt;
  return count;
}

void on_fork(void (*count)()) noexcept { pthread_atfork(nullptr, nullptr, count); }

}  // namespace selectors::os
