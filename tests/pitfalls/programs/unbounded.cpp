#include "echo_server.hpp"

namespace {

class Unbounded : public pitfalls::EchoServer {
  void flush(const Selector::Key& key) override {
    auto& data = *key.data;
    // The second mistake: a fair piece each turn, and then the rest is moved to the front. With a little of it nobody
    // notices; with megabytes each piece of a few kilobytes moves all of them.
    if (!data.outb.empty()) data.outb.erase(0, key.fileobj.send(std::string_view(data.outb).substr(0, 4096)));
    selectors::EventMask wanted;
    if (!data.ended) wanted |= selectors::EVENT_READ;  // The first mistake: however much has piled up already.
    if (!data.outb.empty()) wanted |= selectors::EVENT_WRITE;
    if (wanted)
      selector.modify(key, wanted);
    else
      close(key);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Unbounded>(argc, argv, "Echoes, and stores without a limit what a client does not read.");
}
