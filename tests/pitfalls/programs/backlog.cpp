#include "echo_server.hpp"

namespace {

class Backlog : public pitfalls::EchoServer {
  selectors::Socket listen(const lesson::Arguments& arguments) override {
    const selectors::Address address(arguments.host, arguments.port);
    selectors::Socket listener(address.family());
    listener.set_reuse_address();
    listener.setblocking(false);
    listener.bind(address);
    listener.listen(5);  // The mistake: a number from 1983. While we are busy, the seventh client cannot connect.
    return listener;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Backlog>(argc, argv, "Echoes, with room for five connections in the queue.");
}
