#include "echo_server.hpp"

namespace {

class BlockingListener : public pitfalls::EchoServer {
  selectors::Socket listen(const lesson::Arguments& arguments) override {
    selectors::Socket listener = EchoServer::listen(arguments);
    // The mistake: "ready" was true when select() looked. Since then the client may have gone, or another process may
    // have accepted it. Then accept() blocks until the next client comes, and all clients wait with it.
    listener.setblocking(true);
    return listener;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<BlockingListener>(argc, argv, "Echoes, with a listening socket that blocks.");
}
