#include "echo_server.hpp"

namespace {

class WriteAlways : public pitfalls::EchoServer {
  // The mistake: an idle connection nearly always has room for writing, so select() never sleeps again.
  static constexpr auto events = selectors::EVENT_READ | selectors::EVENT_WRITE;

  void welcome(selectors::Socket conn, const selectors::Address& addr) override {
    lesson::print("accepted connection from ", addr);
    prepare(conn);
    selector.register_(std::move(conn), events, pitfalls::Connection{.addr = addr});
  }

  void service(const Selector::Key& key, selectors::EventMask mask) override {
    auto& data = *key.data;
    if (mask & selectors::EVENT_READ) {
      if (const auto received = key.fileobj.recv(1024)) {
        if (received->empty()) return close(key);
        answer(data, *received);
      }
    }
    if ((mask & selectors::EVENT_WRITE) && !data.outb.empty()) data.outb.erase(0, key.fileobj.send(data.outb));
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<WriteAlways>(argc, argv, "Echoes, and always asks for read events and for write events.");
}
