#include "echo_server.hpp"

namespace {

class SmallWrites : public pitfalls::EchoServer {
  // The mistake: no set_no_delay(). The answer to a message longer than one read goes out in several small sends. Until
  // the first one is acknowledged, the kernel holds the next one back. The client's kernel takes its time to
  // acknowledge it, because its program might soon send something.
  void prepare(selectors::Socket& conn) override { conn.setblocking(false); }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<SmallWrites>(argc, argv, "Echoes, and waits for acknowledgements between its small sends.");
}
