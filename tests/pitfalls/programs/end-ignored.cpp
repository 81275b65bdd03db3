#include "echo_server.hpp"

namespace {

class EndIgnored : public pitfalls::EchoServer {
  void service(const Selector::Key& key, selectors::EventMask) override {
    const auto data = key.fileobj.recv(1024);
    // The mistake: "no bytes" is the end, and the end stays readable. Whoever neither closes nor stops reading is told
    // of it again at once, for ever.
    if (!data || data->empty()) return;
    answer(*key.data, *data);
    flush(key);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<EndIgnored>(argc, argv, "Echoes, and does not know what no bytes mean.");
}
