// What the kernel tells about a program from outside, by way of /proc.
#include "../program.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace support {

long Program::cpu_ticks() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  long user = 0;
  long system = 0;
  fields >> user >> system;
  return user + system;
}

long Program::resident_kib() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  return 0;
}

void Program::wait_until_in(const std::vector<long>& calls) const {
  story_.needs_posix("which call it waits in is Wine's");
  const bool there = story_.eventually([&] {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/syscall");
    long call = -1;
    return file >> call && std::find(calls.begin(), calls.end(), call) != calls.end();
  });
  story_.expect(there, name_ + " makes the expected system call", "it does not");
}

void Program::expect_nonblocking_listener() const {
  const auto listener = listening_socket();
  story_.expect((fcntl(listener.fileno(), F_GETFL) & O_NONBLOCK) != 0,
                "a non-blocking listening socket, because a client may disconnect before it is accepted",
                "accept() on it would block");
}

void Program::steal_connection() const {
  const auto listener = listening_socket();
  const int fd = accept4(listener.fileno(), nullptr, nullptr, SOCK_CLOEXEC);
  story_.expect(fd >= 0, "another process accepts the connection", std::strerror(errno));
  story_.tell("another process", "accepts the connection first");
  close(fd);
}

void Program::shrink_send_buffers() const {
  for (const auto& socket : sockets()) {
    const int least = 1;
    setsockopt(socket.fileno(), SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
  }
  story_.tell(name_, "has small send buffers from now on");
}

selectors::Socket Program::listening_socket() const {
  auto all = sockets();
  for (auto& socket : all) {
    int listening = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(socket.fileno(), SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0)
      return std::move(socket);
  }
  story_.fail(name_ + " has a listening socket", "none was found");
}

std::vector<selectors::Socket> Program::sockets() const {
  story_.needs_posix("Wine's server process owns the sockets, so the test cannot look at them");
  const auto pidfd = selectors::Socket::from_fileno(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  std::vector<selectors::Socket> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/fd")) {
    const int number = std::stoi(entry.path().filename());
    auto copy = selectors::Socket::from_fileno(static_cast<int>(syscall(SYS_pidfd_getfd, pidfd.fileno(), number, 0)));
    int type = 0;
    socklen_t size = sizeof type;
    if (getsockopt(copy.fileno(), SOL_SOCKET, SO_TYPE, &type, &size) == 0) found.push_back(std::move(copy));
  }
  return found;
}

}  // namespace support
