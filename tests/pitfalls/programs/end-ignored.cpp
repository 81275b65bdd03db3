#include "echo_server.hpp"

namespace {

class EndIgnored : public pitfalls::EchoServer {
  void service(const Selector::Key& key, selectors::EventMask) override {
    const auto data = key.fileobj.recv(1024);
    // The mistake: "no bytes" is the end of the input, and the end stays readable. A program that neither closes the
    // socket nor stops asking for EVENT_READ gets it again at once, for ever.
    if (!data || data->empty()) return;
    answer(*key.data, *data);
    flush(key);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<EndIgnored>(argc, argv, "Echoes, and does not notice that a client has finished sending.");
}
