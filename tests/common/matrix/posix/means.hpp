// What the questions need of the system, besides sockets.
#pragma once

#include "../../pipe.hpp"
#include "../../storm.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

namespace matrix {

inline int duplicate(int fd) { return dup(fd); }

inline void close_number(int fd) { close(fd); }

/// A regular file.
inline int open_file() { return open("/proc/self/exe", O_RDONLY | O_CLOEXEC); }

inline int open_null_device() { return open("/dev/null", O_RDWR | O_CLOEXEC); }

/// A duplicate with a number that select(2) cannot hold.
inline int duplicate_high(int fd) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur <= FD_SETSIZE) {
    limit.rlim_cur = std::min<rlim_t>(FD_SETSIZE + 100, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);
  }
  return fcntl(fd, F_DUPFD_CLOEXEC, FD_SETSIZE);
}

/// Puts a duplicate of `source` under `number`, and closes it at the end.
class Under {
 public:
  Under(int number, int source) : number_(dup2(source, number)) { fcntl(number_, F_SETFD, FD_CLOEXEC); }
  Under(const Under&) = delete;
  Under& operator=(const Under&) = delete;
  ~Under() { close(number_); }

 private:
  int number_;
};

/// What the call says in a child of fork(2).
template <class Call>
std::string in_child(const Call& call) {
  Pipe answer;
  const pid_t child = fork();
  if (child == 0) {
    answer.fill(call());
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  std::array<char, 200> text{};
  const auto size = read(answer.reader(), text.data(), text.size());
  return {text.data(), static_cast<std::size_t>(size < 0 ? 0 : size)};
}

}  // namespace matrix
