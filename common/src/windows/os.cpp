#include "os.hpp"

#include <selectors/socket.hpp>

#include "known_sockets.hpp"
#include "socket_calls.hpp"

#include <mstcpip.h>

#include <algorithm>
#include <climits>
#include <string>

namespace selectors::os {
namespace {

// Some compilers' headers lack them; Windows 10 has them from version 1709 on.
constexpr int keep_count = 16;
constexpr int keep_idle = 3;
constexpr int keep_interval = 17;
constexpr int longest_retransmission = 5;

/// Starts Winsock, which ends with the program.
const int started = [] {
  WSADATA data;
  return WSAStartup(MAKEWORD(2, 2), &data);
}();

KnownSockets& known() {
  static KnownSockets sockets;
  return sockets;
}

int as_length(std::size_t size) noexcept { return static_cast<int>(std::min<std::size_t>(size, INT_MAX)); }

/// Returns a new socket's number, and remembers it.
int take_in(SOCKET made) noexcept {
  if (made == INVALID_SOCKET) return answer(SOCKET_ERROR);
  const int fd = static_cast<int>(made);
  known().add(fd);
  return fd;
}

/// If Winsock says "not a socket", sets EBADF if nothing at all is open under this number.
int or_closed(int fd, int result) noexcept {
  if (result >= 0) return result;
  DWORD flags = 0;
  if (errno == ENOTSOCK && (fd < 0 || GetHandleInformation(reinterpret_cast<HANDLE>(handle(fd)), &flags) == 0))
    errno = EBADF;
  return result;
}

int answer_of(int fd, int result) noexcept { return or_closed(fd, answer(result)); }

/// Makes what socketpair(2) makes on POSIX systems: two ends of a connection, here over the loopback interface.
std::pair<int, int> make_pair(const std::string& attempt) {
  const auto ok = [&attempt](int result) { return checked(result, [&attempt] { return attempt; }); };
  const Socket listener = Socket::from_fileno(ok(make_socket(AF_INET)));
  Socket connecting = Socket::from_fileno(ok(make_socket(AF_INET)));
  const Address any_port("localhost", 0);
  ok(bind(listener.fileno(), as_sockaddr(any_port), size_of(any_port)));
  ok(listen(listener.fileno(), 1));
  const Address address = listener.getsockname();
  ok(connect(connecting.fileno(), as_sockaddr(address), size_of(address)));
  while (true) {
    KernelAddress peer;
    Socket accepted = Socket::from_fileno(ok(accept(listener.fileno(), peer.data(), &peer.size)));
    if (peer.address() == connecting.getsockname()) return {accepted.detach(), connecting.detach()};
  }  // another program had connected to the port
}

/// Sets the times in one call, without the number of questions: before Windows 10, version 1709, and under Wine.
int set_keep_alive_at_once(int fd, int idle, int interval) noexcept {
  tcp_keepalive times{};
  times.onoff = 1;
  times.keepalivetime = static_cast<ULONG>(idle) * 1000;
  times.keepaliveinterval = static_cast<ULONG>(interval) * 1000;
  DWORD written = 0;
  return answer_of(
      fd, WSAIoctl(handle(fd), SIO_KEEPALIVE_VALS, &times, sizeof times, nullptr, 0, &written, nullptr, nullptr));
}

}  // namespace

int answer(int result) noexcept {
  if (result < 0) errno = to_errno(WSAGetLastError());
  return result;
}

std::optional<unsigned> serial(int fd) noexcept {
  int type = 0;
  socklen_t size = sizeof type;
  if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) < 0) return std::nullopt;
  return known().get(fd).serial;
}

int bind(int fd, const sockaddr* address, socklen_t size) noexcept {
  return answer_of(fd, ::bind(handle(fd), address, size));
}

int close(int fd) noexcept {
  known().remove(fd);
  return answer_of(fd, ::closesocket(handle(fd)));
}

int connect(int fd, const sockaddr* address, socklen_t size) noexcept {
  const int result = answer_of(fd, ::connect(handle(fd), address, size));
  if (result < 0 && errno == EAGAIN) errno = EINPROGRESS;
  return result;
}

int getpeername(int fd, sockaddr* address, socklen_t* size) noexcept {
  return answer_of(fd, ::getpeername(handle(fd), address, size));
}

int getsockname(int fd, sockaddr* address, socklen_t* size) noexcept {
  return answer_of(fd, ::getsockname(handle(fd), address, size));
}

int getsockopt(int fd, int level, int option, void* value, socklen_t* size) noexcept {
  return answer_of(fd, ::getsockopt(handle(fd), level, option, static_cast<char*>(value), size));
}

int listen(int fd, int backlog) noexcept { return answer_of(fd, ::listen(handle(fd), backlog)); }

int setsockopt(int fd, int level, int option, const void* value, socklen_t size) noexcept {
  return answer_of(fd, ::setsockopt(handle(fd), level, option, static_cast<const char*>(value), size));
}

int shutdown(int fd, int direction) noexcept { return answer_of(fd, ::shutdown(handle(fd), direction)); }

int make_socket(int domain) noexcept {
  return take_in(WSASocketW(domain, SOCK_STREAM, 0, nullptr, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
}

std::pair<int, int> make_socketpair() { return make_pair("make a socket pair"); }

std::pair<int, int> make_pipe(const char* purpose) {
  const auto ends = make_pair(std::string("make a pair of sockets ") + purpose);
  for (const int fd : {ends.first, ends.second}) static_cast<void>(set_blocking(fd, false));
  const int yes = 1;
  setsockopt(ends.second, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return ends;
}

int accept(int fd, sockaddr* peer, socklen_t* size) noexcept {
  const int conn = take_in(::accept(handle(fd), peer, size));
  if (conn < 0) {
    or_closed(fd, conn);
    if (errno == ECONNRESET || errno == ENOTCONN) errno = ECONNABORTED;  // gone while it waited
    return conn;
  }
  SetHandleInformation(reinterpret_cast<HANDLE>(handle(conn)), HANDLE_FLAG_INHERIT, 0);
  static_cast<void>(set_blocking(conn, true));  // it is inherited from the listening socket
  return conn;
}

int open_spare() noexcept { return make_socket(AF_INET); }

std::ptrdiff_t send(int fd, const void* bytes, std::size_t size) noexcept {
  return answer_of(fd, ::send(handle(fd), static_cast<const char*>(bytes), as_length(size), 0));
}

std::ptrdiff_t recv(int fd, void* bytes, std::size_t size) noexcept {
  return answer_of(fd, ::recv(handle(fd), static_cast<char*>(bytes), as_length(size), 0));
}

int wait_for_room(int fd) noexcept {
  WSAPOLLFD waiting{handle(fd), POLLOUT, 0};
  return answer_of(fd, ::WSAPoll(&waiting, 1, -1));
}

int take_error(int fd) noexcept {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) < 0) return -1;
  return error == 0 ? 0 : to_errno(error);
}

int set_blocking(int fd, bool blocking) noexcept {
  u_long never_waits = blocking ? 0 : 1;
  const int result = answer_of(fd, ::ioctlsocket(handle(fd), FIONBIO, &never_waits));
  if (result == 0) known().set_blocking(fd, blocking);
  return result;
}

int is_blocking(int fd) noexcept { return serial(fd) ? known().get(fd).blocking : -1; }

void claim_address(int fd) {
  // Lingering connections do not block a port here, and SO_REUSEADDR would let a second server steal it.
  set_option(fd, SOL_SOCKET, SO_EXCLUSIVEADDRUSE, 1, "set SO_EXCLUSIVEADDRUSE");
}

void set_keep_alive(int fd, int idle, int interval, int probes) {
  const auto attempt = [fd] { return on_fd("set the times of keep-alive", fd); };
  const auto fits = [](int number, int most) { return number >= 1 && number <= most; };
  if (!fits(idle, 32'767) || !fits(interval, 32'767) || !fits(probes, 127)) {
    errno = EINVAL;
    throw_errno(attempt());
  }
  const int size = sizeof idle;
  if (setsockopt(fd, IPPROTO_TCP, keep_idle, &idle, size) < 0 && errno == ENOPROTOOPT) {
    checked(set_keep_alive_at_once(fd, idle, interval), attempt);
  } else {
    set_option(fd, IPPROTO_TCP, keep_idle, idle, "set the idle time of keep-alive");
    set_option(fd, IPPROTO_TCP, keep_interval, interval, "set TCP_KEEPINTVL");
    set_option(fd, IPPROTO_TCP, keep_count, probes, "set TCP_KEEPCNT");
  }
  set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1, "set SO_KEEPALIVE");
}

void set_user_timeout(int fd, std::chrono::milliseconds limit) {
  const int seconds = as_option(std::chrono::ceil<std::chrono::seconds>(limit));
  const int size = sizeof seconds;
  const auto attempt = [fd] { return on_fd("set the limit for unacknowledged data", fd); };
  if (seconds < 0 || limit.count() < 0) {
    errno = EINVAL;
    throw_errno(attempt());
  }
  if (setsockopt(fd, IPPROTO_TCP, longest_retransmission, &seconds, size) < 0 && errno != ENOPROTOOPT)
    throw_errno(attempt());
}

int count_unacknowledged(int fd) noexcept { return serial(fd) ? 0 : -1; }  // Windows does not provide it

std::optional<int> count_waiting(int fd, bool to_read) noexcept {
  u_long count = 0;
  if (!to_read || ::ioctlsocket(handle(fd), FIONREAD, &count) != 0) return std::nullopt;
  return static_cast<int>(count);
}

}  // namespace selectors::os
