#include "echo_server.hpp"

namespace {

class BlockingListener : public pitfalls::EchoServer {
  selectors::Socket listen(const lesson::Arguments& arguments) override {
    selectors::Socket listener = EchoServer::listen(arguments);
    // The mistake: "ready" was true when select() looked. Who connected may be gone, or somebody else may have accepted
    // it, and then accept() waits, for the next client or for ever, and everybody waits with it.
    listener.setblocking(true);
    return listener;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<BlockingListener>(argc, argv, "Echoes, with a listening socket that blocks.");
}
