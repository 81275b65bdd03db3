#include "echo_server.hpp"

namespace {

class Unbounded : public pitfalls::EchoServer {
  void flush(const Selector::Key& key) override {
    auto& data = *key.data;
    // The second mistake: it sends a small piece in each turn, and then moves all the rest to the front. Nobody notices
    // that with a little output; with megabytes of it, each piece of a few kilobytes moves all of them.
    if (!data.outb.empty()) data.outb.erase(0, key.fileobj.send(std::string_view(data.outb).substr(0, 4096)));
    selectors::EventMask wanted;
    if (!data.ended) wanted |= selectors::EVENT_READ;  // The first mistake: no matter how much has piled up.
    if (!data.outb.empty()) wanted |= selectors::EVENT_WRITE;
    if (wanted)
      selector.modify(key, wanted);
    else
      close(key);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Unbounded>(argc, argv, "Echoes, and stores what a client does not read, without a limit.");
}
