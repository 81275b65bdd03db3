// What the questions need of the system, besides sockets: here a pipe is a pair of them, and much is not there.
#pragma once

#include "../matrix.hpp"

#include <selectors/selectors.hpp>

#include <winsock2.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace matrix {

inline void close_number(int fd) { closesocket(static_cast<SOCKET>(fd)); }

/// Two ends, of which each may be closed behind the back of whoever watches it.
class Pipe {
 public:
  Pipe() {
    auto ends = selectors::socketpair();
    for (selectors::Socket* end : {&ends.first, &ends.second}) end->setblocking(false);
    reader_ = ends.first.detach();
    writer_ = ends.second.detach();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_reader();
    close_writer();
  }
  [[nodiscard]] int reader() const { return reader_; }
  [[nodiscard]] int writer() const { return writer_; }
  void fill() const { send(static_cast<SOCKET>(writer_), "x", 1, 0); }
  void close_reader() { shut(reader_); }
  void close_writer() { shut(writer_); }
  int drop_reader() {
    const int fd = reader_;
    close_reader();
    return fd;
  }

 private:
  static void shut(int& fd) {
    if (fd >= 0) selectors::Socket::from_fileno(std::exchange(fd, -1)).close();
  }

  int reader_ = -1;
  int writer_ = -1;
};

/// Another number for one socket.
inline int duplicate(int fd) {
  WSAPROTOCOL_INFOW info{};
  WSADuplicateSocketW(static_cast<SOCKET>(fd), GetCurrentProcessId(), &info);
  return static_cast<int>(WSASocketW(FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, FROM_PROTOCOL_INFO, &info, 0, 0));
}

inline int open_file() { throw Missing(); }
inline int open_null_device() { throw Missing(); }
inline int duplicate_high(int) { throw Missing(); }

/// Makes sockets until one has the number, because none can be chosen.
class Under {
 public:
  Under(int number, int) {
    for (int i = 0; i < 1000 && (made_.empty() || made_.back().first.fileno() != number); ++i) {
      made_.push_back(selectors::socketpair());
      if (made_.back().second.fileno() == number) std::swap(made_.back().first, made_.back().second);
    }
    made_.back().second.send("x");
  }

 private:
  std::vector<std::pair<selectors::Socket, selectors::Socket>> made_;
};

/// No signal interrupts a wait.
struct Storm {
  explicit Storm(std::chrono::microseconds) { throw Missing(); }
};

/// There is no fork.
template <class Call>
std::string in_child(const Call&) {
  throw Missing();
}

}  // namespace matrix
