#include "client.hpp"

using namespace pitfalls;

namespace {

void talk(Socket sock) {
  std::string outgoing = "This is the message. It will be repeated.";
  std::size_t missing = outgoing.size();
  DefaultSelector selector;
  selector.register_(std::move(sock), EVENT_READ | EVENT_WRITE);
  while (missing > 0) {
    for (const auto& [key, mask] : selector.select()) {
      if (mask & EVENT_READ) {
        // The mistake: an empty answer is printed like any other. It means that no more will come, and because nobody
        // closes the socket, it stays readable for ever.
        if (const auto data = key.fileobj.recv(1024)) {
          print("  received ", repr(*data));
          missing -= data->size();
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
  return run_client(argc, argv, "Sends a message and waits for all of it, whatever the server does.", talk);
}
