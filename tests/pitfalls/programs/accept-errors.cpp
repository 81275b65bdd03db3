#include "echo_server.hpp"

#include <sys/socket.h>

#include <system_error>

namespace {

class AcceptErrors : public pitfalls::EchoServer {
  void accept(selectors::Socket& listener) override {
    const int fd = ::accept(listener.fileno(), nullptr, nullptr);
    // The mistake: most errors of accept() are about the one client that is gone, or about this moment. To die of them
    // is to let the first passer-by turn the server off.
    if (fd < 0) throw std::system_error(errno, std::system_category(), "accept");
    welcome(fd);
  }
};

}  // namespace

int main(int argc, char** argv) { return pitfalls::run<AcceptErrors>(argc, argv, "Echoes until accept() fails once."); }
