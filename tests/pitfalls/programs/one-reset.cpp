#include "echo_server.hpp"

namespace {

class OneReset : public pitfalls::EchoServer {
  // The mistake: nothing is caught. An error on one connection ends the loop, and with it all other connections.
  void guarded(const Selector::Key& key, selectors::EventMask mask) override { service(key, mask); }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<OneReset>(argc, argv, "Echoes until a client resets its connection.");
}
