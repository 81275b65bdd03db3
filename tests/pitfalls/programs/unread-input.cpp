#include "client.hpp"

using namespace pitfalls;

namespace {

void talk(Socket sock) {
  sock.setblocking(true);
  while (const auto typed = lesson::read_input(65'536)) {
    if (typed->empty()) return;  // The mistake: closes, with what the others said still unread in the socket.
    std::string rest = *typed;
    while (!rest.empty()) rest.erase(0, sock.send(rest));
  }
}

}  // namespace

int main(int argc, char** argv) {
  return run_client(argc, argv, "Sends what you type, never reads, and leaves at the end of the input.", talk);
}
