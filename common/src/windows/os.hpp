#pragma once

#ifndef NOMINMAX
#define NOMINMAX  // otherwise windows.h defines macros min and max
#endif
#include <winsock2.h>
#include <ws2tcpip.h>

#include <afunix.h>

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

using sa_family_t = ADDRESS_FAMILY;

inline constexpr int SHUT_RD = SD_RECEIVE;
inline constexpr int SHUT_WR = SD_SEND;
inline constexpr int SHUT_RDWR = SD_BOTH;

/// Winsock in the form that posix/os.hpp describes: a socket's handle as a number, and the reason of a failure in
/// `errno`.
namespace selectors::os {

/// Returns the handle for a number. -1 is INVALID_SOCKET.
[[nodiscard]] constexpr SOCKET handle(int fd) noexcept { return static_cast<SOCKET>(static_cast<INT_PTR>(fd)); }

/// Returns Winsock's result. If it is a failure, the reason goes into `errno`.
int answer(int result) noexcept;

/// Returns the errno for one of Winsock's numbers.
[[nodiscard]] int to_errno(int winsock) noexcept;

/// Returns the serial number of the socket under a number. Each socket has its own, those that other code made have 0.
/// Returns nothing if the number is not a socket's.
[[nodiscard]] std::optional<unsigned> serial(int fd) noexcept;

int bind(int fd, const sockaddr* address, socklen_t size) noexcept;
int close(int fd) noexcept;
int connect(int fd, const sockaddr* address, socklen_t size) noexcept;
int getpeername(int fd, sockaddr* address, socklen_t* size) noexcept;
int getsockname(int fd, sockaddr* address, socklen_t* size) noexcept;
int getsockopt(int fd, int level, int option, void* value, socklen_t* size) noexcept;
int listen(int fd, int backlog) noexcept;
int setsockopt(int fd, int level, int option, const void* value, socklen_t size) noexcept;
int shutdown(int fd, int direction) noexcept;

[[nodiscard]] std::error_code error(int number) noexcept;
[[nodiscard]] const char* resolver_message(int status) noexcept;
inline constexpr int reason_in_errno = 0;  // 0 is never a failure: Winsock's reasons are in the status

[[nodiscard]] int make_socket(int domain) noexcept;
[[nodiscard]] std::pair<int, int> make_socketpair();
[[nodiscard]] std::pair<int, int> make_pipe(const char* purpose);
[[nodiscard]] int accept(int fd, sockaddr* peer, socklen_t* size) noexcept;
[[nodiscard]] bool concerns_one_connection(int error) noexcept;
[[nodiscard]] int open_spare() noexcept;

std::ptrdiff_t send(int fd, const void* bytes, std::size_t size) noexcept;
std::ptrdiff_t recv(int fd, void* bytes, std::size_t size) noexcept;
inline std::ptrdiff_t read_pipe(int fd, void* bytes, std::size_t size) noexcept { return recv(fd, bytes, size); }
inline std::ptrdiff_t write_pipe(int fd, const void* bytes, std::size_t size) noexcept { return send(fd, bytes, size); }

[[nodiscard]] int wait_for_room(int fd) noexcept;
[[nodiscard]] int take_error(int fd) noexcept;
[[nodiscard]] int set_blocking(int fd, bool blocking) noexcept;
[[nodiscard]] int is_blocking(int fd) noexcept;
void claim_address(int fd);
void set_keep_alive(int fd, int idle, int interval, int probes);
void set_user_timeout(int fd, std::chrono::milliseconds limit);
[[nodiscard]] int count_unacknowledged(int fd) noexcept;
[[nodiscard]] std::optional<int> count_waiting(int fd, bool to_read) noexcept;
inline void on_fork(void (*)()) noexcept {}  // there is no fork

}  // namespace selectors::os
