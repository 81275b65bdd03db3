#include "echo_server.hpp"

#include <sys/socket.h>

#include <system_error>

namespace {

class AcceptErrors : public pitfalls::EchoServer {
  void accept(selectors::Socket& listener) override {
    const int fd = ::accept(listener.fileno(), nullptr, nullptr);
    // The mistake: most errors of accept() concern one client that has gone, or this moment. A server that exits
    // because of them can be switched off by any client.
    if (fd < 0) throw std::system_error(errno, std::system_category(), "accept");
    welcome(fd);
  }
};

}  // namespace

int main(int argc, char** argv) { return pitfalls::run<AcceptErrors>(argc, argv, "Echoes until accept() fails once."); }
