// Preloaded into a program: the times that the program sets for keep-alive and unacknowledged data pass thirty times as
// fast, so that a demonstration takes seconds. Those of keep-alive are whole seconds, at least one. If the program
// sets no times, none are set.
#include <dlfcn.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

// NOLINTNEXTLINE(readability-identifier-naming): the C library's name
extern "C" int setsockopt(int fd, int level, int option, const void* value, socklen_t size) {
  using Function = int (*)(int, int, int, const void*, socklen_t);
  static const auto next = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "setsockopt"));
  constexpr int faster = 30;
  const bool is_time =
      level == IPPROTO_TCP && (option == TCP_KEEPIDLE || option == TCP_KEEPINTVL || option == TCP_USER_TIMEOUT);
  int time = 0;
  if (!is_time || size != sizeof time) return next(fd, level, option, value, size);
  std::memcpy(&time, value, sizeof time);
  if (time > 0) time = std::max(time / faster, 1);
  return next(fd, level, option, &time, sizeof time);
}
