#include "client.hpp"

using namespace pitfalls;

namespace {

void talk(Socket sock) {
  std::string outgoing = "This is the message. It will be repeated.";
  DefaultSelector selector;
  selector.register_(std::move(sock), EVENT_READ | EVENT_WRITE);
  bool running = true;
  while (running) {
    for (const auto& [key, mask] : selector.select()) {
      if (mask & EVENT_READ) {
        if (const auto data = key.fileobj.recv(1024)) {
          print("  received ", repr(*data));
          running = false;  // The mistake: something has arrived, but is it the whole answer?
        }
      }
      if (mask & EVENT_WRITE) {
        outgoing.erase(0, key.fileobj.send(outgoing));
        if (outgoing.empty()) selector.modify(key, EVENT_READ);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return run_client(argc, argv, "Sends a message, and leaves after the first piece of its echo.", talk);
}
