#include "echo_server.hpp"

namespace {

class NoReuseAddress : public pitfalls::EchoServer {
  selectors::Socket listen(const lesson::Arguments& arguments) override {
    const selectors::Address address(arguments.host, arguments.port);
    selectors::Socket listener(address.family());
    // The mistake: no set_reuse_address(). When the server ends, its side of each connection stays in TIME_WAIT for a
    // minute, and meanwhile bind() reports that the port is in use.
    listener.setblocking(false);
    listener.bind(address);
    listener.listen();
    return listener;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<NoReuseAddress>(argc, argv, "Echoes, and cannot be restarted at once.");
}
