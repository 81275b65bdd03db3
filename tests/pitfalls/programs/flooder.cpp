#include "echo_server.hpp"

namespace {

class Flooder : public pitfalls::EchoServer {
  void service(const Selector::Key& key, selectors::EventMask mask) override {
    if (mask & selectors::EVENT_READ) {
      // The mistake: the server reads from one client until nothing is left. While that client goes on sending, the
      // others wait.
      while (const auto received = key.fileobj.recv(1024)) {
        if (received->empty()) {
          key.data->ended = true;
          break;
        }
        answer(*key.data, *received);
      }
    }
    flush(key);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Flooder>(argc, argv, "Echoes, and reads from one client until nothing is left.");
}
