#include "../facilities.hpp"

#include "../durations.hpp"

#include <fcntl.h>

#include <ctime>

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

std::chrono::milliseconds processor_time() {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::clock()) * 1000 / CLOCKS_PER_SEC);
}
