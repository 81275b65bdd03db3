#include "echo_server.hpp"

namespace {

class PeerName : public pitfalls::EchoServer {
  void service(const Selector::Key& key, selectors::EventMask mask) override {
    // The mistake: the kernel is asked for the name each time. After a reset there is no peer any more, and the
    // question fails, outside of all care that was taken for recv() and send().
    lesson::print("read(", key.fileobj.getpeername(), ")");
    EchoServer::service(key, mask);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<PeerName>(argc, argv, "Echoes, and asks for its client's name whenever it reads.");
}
