#include "echo_server.hpp"

#include <sys/socket.h>

#include <cstring>

namespace {

class LogFlood : public pitfalls::EchoServer {
  void accept(selectors::Socket& listener) override {
    const int fd = ::accept(listener.fileno(), nullptr, nullptr);
    if (fd < 0) {
      // The mistake: a line for each failure, thousands in a second while there are no descriptors. The lines fill the
      // disk, or the pipe to the program that should read them. When the pipe is full, printing blocks the server.
      lesson::print_error(std::string("accept: ") + std::strerror(errno));
      return;
    }
    welcome(fd);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<LogFlood>(argc, argv, "Echoes, and writes a line whenever accept() fails.");
}
