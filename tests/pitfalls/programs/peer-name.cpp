#include "echo_server.hpp"

namespace {

class PeerName : public pitfalls::EchoServer {
  void service(const Selector::Key& key, selectors::EventMask mask) override {
    // The mistake: asks the kernel for the name each time. After a reset there is no peer any more, and this call
    // fails, although recv() and send() are guarded.
    lesson::print("read(", key.fileobj.getpeername(), ")");
    EchoServer::service(key, mask);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<PeerName>(argc, argv, "Echoes, and asks for its client's address whenever it reads.");
}
