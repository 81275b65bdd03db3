#include "echo_server.hpp"

namespace {

class VanishedPeer : public pitfalls::EchoServer {
  // The mistake: neither set_keep_alive() nor set_user_timeout(). A peer whose machine vanishes sends nothing, so no
  // event ever comes, and the kernel does not check.
  void prepare(selectors::Socket& conn) override {
    conn.setblocking(false);
    conn.set_no_delay();
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<VanishedPeer>(argc, argv, "Echoes, and never asks whether a silent client is still there.");
}
