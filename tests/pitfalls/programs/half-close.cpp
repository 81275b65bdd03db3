#include "echo_server.hpp"

namespace {

class HalfClose : public pitfalls::EchoServer {
  void service(const Selector::Key& key, selectors::EventMask mask) override {
    auto& data = *key.data;
    if (mask & selectors::EVENT_READ) {
      const auto received = key.fileobj.recv(1024);
      if (received && received->empty())
        close(key);  // The mistake: the client has only finished *sending*. It may well be waiting for our answer.
      else if (received)
        answer(data, *received);
    }
    // The mistake that comes with it: if both events came at once, this sends on the socket that was closed above.
    if ((mask & selectors::EVENT_WRITE) && !data.outb.empty()) data.outb.erase(0, key.fileobj.send(data.outb));
    if (key.fileobj.fileno() < 0) return;
    const auto write = data.outb.empty() ? selectors::EventMask() : selectors::EVENT_WRITE;
    selector.modify(key, selectors::EVENT_READ | write);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<HalfClose>(argc, argv, "Echoes, and closes as soon as a client has finished sending.");
}
