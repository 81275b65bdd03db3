#include "echo_server.hpp"

#include <sys/socket.h>

namespace {

class OutOfDescriptors : public pitfalls::EchoServer {
  void accept(selectors::Socket& listener) override {
    const int fd = ::accept(listener.fileno(), nullptr, nullptr);
    // The mistake: the error is ignored, as most errors of accept() should be. But when no descriptor is left, the
    // client stays in the queue, the listening socket stays ready, and the loop spins as fast as it can.
    if (fd < 0) return;
    welcome(fd);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<OutOfDescriptors>(argc, argv, "Echoes, and ignores every error of accept().");
}
