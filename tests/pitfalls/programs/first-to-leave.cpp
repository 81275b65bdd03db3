#include "echo_server.hpp"

namespace {

class FirstToLeave : public pitfalls::EchoServer {
  void service(const Selector::Key& key, selectors::EventMask) override {
    const auto data = key.fileobj.recv(1024);
    if (!data) return;
    if (data->empty()) {
      close(key);
      running = false;  // The mistake: it was meant to end an example, and was kept in a server with many clients.
      return;
    }
    answer(*key.data, *data);
    flush(key);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<FirstToLeave>(argc, argv, "Echoes, and ends when the first client leaves.");
}
