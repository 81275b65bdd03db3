#include "client.hpp"

using namespace pitfalls;

namespace {

void talk(const lesson::Arguments& arguments) {
  const Address server(arguments.host, arguments.port);
  Socket sock(server.family());
  sock.setblocking(false);
  // The mistake: the program never asks how connecting ended. "In progress" is not success. The first event says that
  // the attempt is over, and SO_ERROR (`take_error`) says how it ended.
  [[maybe_unused]] const auto in_progress = sock.connect_ex(server);

  DefaultSelector selector;
  selector.register_(std::move(sock), EVENT_READ | EVENT_WRITE);
  while (!selector.get_map().empty()) {
    for (const auto& [key, mask] : selector.select()) {
      try {
        print("sending to ", server);
        key.fileobj.send("hello");
        selector.modify(key, EVENT_READ);
        if (const auto data = key.fileobj.recv(1024)) selector.unregister(key);
      } catch (const ConnectionError&) {
        selector.unregister(key);  // treats a reset like a close
      }
    }
  }
  print("done");
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(
      argc, argv,
      {.about = "Says hello, and assumes that somebody received it.", .defaults = {.host = "127.0.0.1", .port = 65432}},
      talk);
}
