#include <selectors/socket.hpp>

#include "socket_calls.hpp"

namespace selectors {

void Socket::set_reuse_address() { os::claim_address(fd_); }

void Socket::set_no_delay(bool on) { set_option(fd_, IPPROTO_TCP, TCP_NODELAY, on ? 1 : 0, "set TCP_NODELAY"); }

bool Socket::get_no_delay() const { return get_option(fd_, IPPROTO_TCP, TCP_NODELAY, "get TCP_NODELAY") != 0; }

void Socket::set_keep_alive(std::chrono::seconds idle, std::chrono::seconds interval, int probes) {
  os::set_keep_alive(fd_, as_option(idle), as_option(interval), probes);
}

void Socket::set_user_timeout(std::chrono::milliseconds limit) { os::set_user_timeout(fd_, limit); }

void Socket::setblocking(bool blocking) {
  checked(os::set_blocking(fd_, blocking), [&] { return on_fd("set O_NONBLOCK", fd_); });
}

bool Socket::getblocking() const {
  return checked(os::is_blocking(fd_), [&] { return on_fd("get O_NONBLOCK", fd_); }) != 0;
}

std::size_t Socket::unacknowledged() const {
  return static_cast<std::size_t>(
      checked(os::count_unacknowledged(fd_), [&] { return on_fd("count the unacknowledged bytes", fd_); }));
}

}  // namespace selectors
