#pragma once

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <arpa/inet.h>

#include <chrono>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

/// The socket calls that differ between operating systems. windows/os.hpp has the same names. A call that fails returns
/// a negative number and leaves the reason in `errno`; a call that returns no number throws.
namespace selectors::os {

using ::bind;
using ::close;
using ::connect;
using ::getpeername;
using ::getsockname;
using ::getsockopt;
using ::listen;
using ::setsockopt;
using ::shutdown;

/// Returns an `errno` as an error with its text, which compares equal to the `std::errc` of the same name.
[[nodiscard]] inline std::error_code error(int number) noexcept { return {number, std::system_category()}; }

/// Returns the text of an error of getaddrinfo.
[[nodiscard]] inline const char* resolver_message(int status) noexcept { return gai_strerror(status); }

/// The result of getaddrinfo that means that the reason is in `errno`.
inline constexpr int reason_in_errno = EAI_SYSTEM;

/// Makes a stream socket. Child programs do not inherit it, nor any other descriptor that is made here.
[[nodiscard]] int make_socket(int domain) noexcept;

/// Makes two connected sockets.
[[nodiscard]] std::pair<int, int> make_socketpair();

/// Makes a pipe: its reading end and its writing end, both non-blocking.
[[nodiscard]] std::pair<int, int> make_pipe(const char* purpose);

/// Reads from a pipe of make_pipe.
inline std::ptrdiff_t read_pipe(int fd, void* bytes, std::size_t size) noexcept { return ::read(fd, bytes, size); }

/// Writes to a pipe of make_pipe. May be called in a signal handler.
inline std::ptrdiff_t write_pipe(int fd, const void* bytes, std::size_t size) noexcept {
  return ::write(fd, bytes, size);
}

/// Accepts the next waiting connection, as a blocking socket.
[[nodiscard]] int accept(int fd, sockaddr* peer, socklen_t* size) noexcept;

/// Returns true if this error of accept is a network failure of the one connection.
[[nodiscard]] bool concerns_one_connection(int error) noexcept;

/// Opens a descriptor that can be given up when descriptors have run out.
[[nodiscard]] int open_spare() noexcept;

#ifdef MSG_NOSIGNAL
inline constexpr int send_flags = MSG_NOSIGNAL;
#else
inline constexpr int send_flags = 0;  // macOS uses SO_NOSIGPIPE instead
#endif

/// Sends without SIGPIPE.
inline std::ptrdiff_t send(int fd, const void* bytes, std::size_t size) noexcept {
  return ::send(fd, bytes, size, send_flags);
}

/// Receives.
inline std::ptrdiff_t recv(int fd, void* bytes, std::size_t size) noexcept { return ::recv(fd, bytes, size, 0); }

/// Waits until there is room to send.
[[nodiscard]] inline int wait_for_room(int fd) noexcept {
  pollfd waiting{fd, POLLOUT, 0};
  return ::poll(&waiting, 1, -1);
}

/// Returns the pending error of a socket, an `errno`, and clears it; or 0.
[[nodiscard]] int take_error(int fd) noexcept;

/// Makes calls blocking or non-blocking.
[[nodiscard]] int set_blocking(int fd, bool blocking) noexcept;

/// Returns 1 if calls block, 0 if not.
[[nodiscard]] int is_blocking(int fd) noexcept;

/// Lets bind take a port although old connections linger there.
void claim_address(int fd);

/// Turns keep-alive on; times are in seconds.
void set_keep_alive(int fd, int idle, int interval, int probes);

/// Limits how long data may stay unacknowledged.
void set_user_timeout(int fd, std::chrono::milliseconds limit);

/// Returns how many bytes the other side has not acknowledged.
[[nodiscard]] int count_unacknowledged(int fd) noexcept;

/// Returns how many bytes are waiting in a descriptor. Returns nothing if that number does not show whether the program
/// uses the descriptor: a file's bytes do not change when it is written to, and bytes sent on a socket may be gone at
/// once.
[[nodiscard]] std::optional<int> count_waiting(int fd, bool to_read) noexcept;

/// Registers a function that is called in every forked child.
void on_fork(void (*handler)()) noexcept;

}  // namespace selectors::os
