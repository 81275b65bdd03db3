#include "libc.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <new>
#include <utility>

namespace libc {
namespace {

thread_local Fault* fault = nullptr;
thread_local Record* record = nullptr;

bool fails(std::string_view call) {
  if (record != nullptr) std::exchange(record, nullptr)->note(call);
  for (Fault* next = fault; next != nullptr; next = next->outer()) {
    if (!next->strikes(call)) continue;
    errno = next->error();
    return true;
  }
  return false;
}

/// The one that this program's own hides.
template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

/// Fails, or calls the real one.
template <class Result, class... Parameters, class... Arguments>
Result pass(const char* name, Result (*own)(Parameters...), Arguments... arguments) {
  static_cast<void>(own);
  if (fails(name)) return -1;
  return real<Result(Parameters...)>(name)(arguments...);
}

template <class Result, class... Parameters, class... Arguments>
Result pass(const char* name, Result (*own)(Parameters...) noexcept, Arguments... arguments) {
  return pass(name, static_cast<Result (*)(Parameters...)>(own), arguments...);
}

}  // namespace

Fault::Fault(std::string_view call, int error, int nth, bool for_good)
    : call_(call), error_(error), left_(nth), for_good_(for_good), outer_(std::exchange(fault, this)) {}

Fault::~Fault() { fault = outer_; }

bool Fault::strikes(std::string_view call) {
  if (call != call_ || --left_ > 0 || (left_ < 0 && !for_good_)) return false;
  fired_ = true;
  return true;
}

Record::Record() { record = this; }

void Record::note(std::string_view call) {
  calls.emplace_back(call);
  record = this;  // on again: what is noted here may itself make calls
}

Record::~Record() { record = nullptr; }

}  // namespace libc

using libc::pass;

// Not inlined: g++ 14 would take malloc and free in them for a mismatch of new and delete.
[[gnu::noinline]] void* operator new(std::size_t size) {
  void* const memory = libc::fault != nullptr && libc::fails("new") ? nullptr : std::malloc(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

void* operator new[](std::size_t size) { return operator new(size); }

[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size); }

void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return operator new(size, std::nothrow); }

[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }

void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

void operator delete[](void* memory) noexcept { operator delete(memory); }

void operator delete[](void* memory, std::size_t) noexcept { operator delete(memory); }

extern "C" {

int accept4(int fd, sockaddr* peer, socklen_t* size, int flags) {
  return pass("accept4", accept4, fd, peer, size, flags);
}

int bind(int fd, const sockaddr* address, socklen_t size) noexcept { return pass("bind", bind, fd, address, size); }

int dup3(int from, int to, int flags) noexcept { return pass("dup3", dup3, from, to, flags); }

int epoll_create1(int flags) noexcept { return pass("epoll_create1", epoll_create1, flags); }

int epoll_ctl(int set, int operation, int fd, epoll_event* event) noexcept {
  return pass("epoll_ctl", epoll_ctl, set, operation, fd, event);
}

int epoll_pwait2(int set, epoll_event* events, int count, const timespec* limit, const sigset_t* mask) {
  return pass("epoll_pwait2", epoll_pwait2, set, events, count, limit, mask);
}

int epoll_wait(int set, epoll_event* events, int count, int limit) {
  return pass("epoll_wait", epoll_wait, set, events, count, limit);
}

int fstat(int fd, struct stat* status) noexcept { return pass("fstat", fstat, fd, status); }

int getpeername(int fd, sockaddr* address, socklen_t* size) noexcept {
  return pass("getpeername", getpeername, fd, address, size);
}

int getsockname(int fd, sockaddr* address, socklen_t* size) noexcept {
  return pass("getsockname", getsockname, fd, address, size);
}

int getsockopt(int fd, int level, int name, void* value, socklen_t* size) noexcept {
  return pass("getsockopt", getsockopt, fd, level, name, value, size);
}

int listen(int fd, int backlog) noexcept { return pass("listen", listen, fd, backlog); }

int pipe2(int* fds, int flags) noexcept { return pass("pipe2", pipe2, fds, flags); }

int poll(pollfd* fds, nfds_t count, int limit) { return pass("poll", poll, fds, count, limit); }

int ppoll(pollfd* fds, nfds_t count, const timespec* limit, const sigset_t* mask) {
  return pass("ppoll", ppoll, fds, count, limit, mask);
}

int pselect(int bound, fd_set* readers, fd_set* writers, fd_set* others, const timespec* limit, const sigset_t* mask) {
  return pass("pselect", pselect, bound, readers, writers, others, limit, mask);
}

ssize_t read(int fd, void* data, size_t size) { return pass("read", read, fd, data, size); }

ssize_t recv(int fd, void* data, size_t size, int flags) { return pass("recv", recv, fd, data, size, flags); }

ssize_t send(int fd, const void* data, size_t size, int flags) { return pass("send", send, fd, data, size, flags); }

int setsockopt(int fd, int level, int name, const void* value, socklen_t size) noexcept {
  return pass("setsockopt", setsockopt, fd, level, name, value, size);
}

int shutdown(int fd, int how) noexcept { return pass("shutdown", shutdown, fd, how); }

int sigaction(int signal, const struct sigaction* action, struct sigaction* former) noexcept {
  if (libc::fails("sigaction")) return -1;  // the struct of its name is in the way of `pass`
  return libc::real<int(int, const struct sigaction*, struct sigaction*)>("sigaction")(signal, action, former);
}

int socket(int domain, int type, int protocol) noexcept { return pass("socket", socket, domain, type, protocol); }

int socketpair(int domain, int type, int protocol, int* fds) noexcept {
  return pass("socketpair", socketpair, domain, type, protocol, fds);
}

int timerfd_create(int clock, int flags) noexcept { return pass("timerfd_create", timerfd_create, clock, flags); }

int timerfd_settime(int fd, int flags, const itimerspec* time, itimerspec* former) noexcept {
  return pass("timerfd_settime", timerfd_settime, fd, flags, time, former);
}

ssize_t write(int fd, const void* data, size_t size) { return pass("write", write, fd, data, size); }

// The number is free whatever close answers.
int close(int fd) {
  const int closed = libc::real<int(int)>("close")(fd);
  return libc::fails("close") ? -1 : closed;
}

// Interrupted, it goes on connecting.
int connect(int fd, const sockaddr* address, socklen_t size) {
  const bool fails = libc::fails("connect");
  if (fails && errno != EINTR) return -1;
  const int result = libc::real<int(int, const sockaddr*, socklen_t)>("connect")(fd, address, size);
  if (fails) errno = EINTR;
  return fails ? -1 : result;
}

// It returns the error itself; if that is a system error, errno has the reason.
int getaddrinfo(const char* host, const char* service, const addrinfo* hints, addrinfo** found) {
  if (libc::fails("getaddrinfo")) return errno > 0 ? EAI_SYSTEM : errno;
  return libc::real<int(const char*, const char*, const addrinfo*, addrinfo**)>("getaddrinfo")(host, service, hints,
                                                                                               found);
}

int fcntl(int fd, int command, ...) {
  va_list rest;
  va_start(rest, command);
  const long argument = va_arg(rest, long);
  va_end(rest);
  if (libc::fails("fcntl")) return -1;
  return libc::real<int(int, int, ...)>("fcntl")(fd, command, argument);
}

int ioctl(int fd, unsigned long request, ...) noexcept {
  va_list rest;
  va_start(rest, request);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  if (libc::fails("ioctl")) return -1;
  return libc::real<int(int, unsigned long, ...)>("ioctl")(fd, request, argument);
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const auto mode = va_arg(rest, mode_t);
  va_end(rest);
  if (libc::fails("open")) return -1;
  return libc::real<int(const char*, int, ...)>("open")(path, flags, mode);
}
}
