#include "echo_server.hpp"

namespace {

class PartialSend : public pitfalls::EchoServer {
  void service(const Selector::Key& key, selectors::EventMask) override {
    const auto data = key.fileobj.recv(1024);
    if (!data) return;
    if (data->empty()) return close(key);
    key.fileobj.send(*data);  // The mistake: ignores how much the kernel took, and the rest is lost.
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<PartialSend>(argc, argv, "Echoes, and forgets the rest when one send() takes only part.");
}
