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

/// What operating systems do differently with sockets. windows/os.hpp has the same names; here and there a call that
/// fails answers with a negative number and leaves the reason in `errno`, and one that returns nothing throws.
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

/// An `errno` as an error with its text, which compares equal to the `std::errc` of the same name.
[[nodiscard]] inline std::error_code error(int number) noexcept { return {number, std::system_category()}; }

/// What went wrong in getaddrinfo.
[[nodiscard]] inline const char* resolver_message(int status) noexcept { return gai_strerror(status); }

/// The answer of getaddrinfo which says that the reason is in `errno`.
inline constexpr int reason_in_errno = EAI_SYSTEM;

/// A stream socket. Programs that are started do not inherit it, nor anything else that is made here.
[[nodiscard]] int make_socket(int domain) noexcept;

/// Two that are connected.
[[nodiscard]] std::pair<int, int> make_socketpair();

/// Reading end, writing end; neither makes anybody wait.
[[nodiscard]] std::pair<int, int> make_pipe(const char* purpose);

/// Reads from what make_pipe made.
inline std::ptrdiff_t read_pipe(int fd, void* bytes, std::size_t size) noexcept { return ::read(fd, bytes, size); }

/// Writes to what make_pipe made; may be called in a signal handler.
inline std::ptrdiff_t write_pipe(int fd, const void* bytes, std::size_t size) noexcept {
  return ::write(fd, bytes, size);
}

/// The next connection that waits, a blocking one.
[[nodiscard]] int accept(int fd, sockaddr* peer, socklen_t* size) noexcept;

/// True if accept failed because the network did, for the one connection that it was to take.
[[nodiscard]] bool concerns_one_connection(int error) noexcept;

/// A descriptor to be given up when descriptors have run out.
[[nodiscard]] int open_spare() noexcept;

#ifdef MSG_NOSIGNAL
inline constexpr int send_flags = MSG_NOSIGNAL;
#else
inline constexpr int send_flags = 0;  // macOS has SO_NOSIGPIPE instead
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

/// The pending error of a socket, an `errno`, which is no longer pending then; or 0.
[[nodiscard]] int take_error(int fd) noexcept;

/// Chooses between waiting and answering at once.
[[nodiscard]] int set_blocking(int fd, bool blocking) noexcept;

/// 1 if calls wait, 0 if not.
[[nodiscard]] int is_blocking(int fd) noexcept;

/// Takes a port although old connections linger there.
void claim_address(int fd);

/// Turns keep-alive on; times are in seconds.
void set_keep_alive(int fd, int idle, int interval, int probes);

/// Limits how long data may stay unacknowledged.
void set_user_timeout(int fd, std::chrono::milliseconds limit);

/// How many bytes the other side has not acknowledged.
[[nodiscard]] int count_unacknowledged(int fd) noexcept;

/// How many bytes wait in a descriptor, or nothing if that tells nobody whether it is used: a file's bytes do not
/// change when it is written to, and what was sent on a socket may be gone at once.
[[nodiscard]] std::optional<int> count_waiting(int fd, bool to_read) noexcept;

/// Has this called in every child that is forked.
void on_fork(void (*handler)()) noexcept;

}  // namespace selectors::os
