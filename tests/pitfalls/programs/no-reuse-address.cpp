#include "echo_server.hpp"

namespace {

class NoReuseAddress : public pitfalls::EchoServer {
  selectors::Socket listen(const lesson::Arguments& arguments) override {
    const selectors::Address address(arguments.host, arguments.port);
    selectors::Socket listener(address.family());
    // The mistake: no set_reuse_address(). After the server's end its side of each connection lingers in TIME_WAIT, and
    // for a minute bind() takes the port for one in use.
    listener.setblocking(false);
    listener.bind(address);
    listener.listen();
    return listener;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<NoReuseAddress>(argc, argv, "Echoes, and cannot be started again at once.");
}
