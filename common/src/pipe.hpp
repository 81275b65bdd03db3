#pragma once

#include "system_call.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <utility>

namespace selectors {

/// A pipe that neither waits nor is inherited by programs that are started: reading end, writing end.
inline std::pair<int, int> make_pipe(const char* purpose) {
  std::array<int, 2> fds{};
  const auto attempt = [purpose] { return std::string("make a pipe ") + purpose; };
#ifdef __APPLE__
  checked(pipe(fds.data()), attempt);
  for (const int fd : fds) {
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
  }
#else
  checked(pipe2(fds.data(), O_CLOEXEC | O_NONBLOCK), attempt);
#endif
  return {fds[0], fds[1]};
}

}  // namespace selectors
