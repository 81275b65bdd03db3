#include "client.hpp"

#include <sys/socket.h>

using namespace pitfalls;

namespace {

/// Tries again and again: the server may still be starting up.
Socket connected(const Address& server) {
  constexpr int tries = 100'000;
  for (int i = 1; i <= tries; ++i) {
    Socket sock(server.family());
    // The mistake: connect(2) succeeds, and nobody checks who is at the other end. The kernel chooses the port of our
    // own end, and sooner or later it is the very port that we connect to.
    const auto* const address = static_cast<const sockaddr*>(server.data());
    if (::connect(sock.fileno(), address, static_cast<socklen_t>(server.size())) == 0) {
      print("connected at try ", i);
      return sock;
    }
  }
  throw std::runtime_error("no server is listening");
}

void talk(const lesson::Arguments& arguments) {
  std::string outgoing = "This is the message. It will be repeated.";
  Socket sock = connected(Address(arguments.host, arguments.port));
  std::size_t missing = outgoing.size();
  while (missing > 0) {
    outgoing.erase(0, sock.send(outgoing));
    const auto data = sock.recv(1024);
    if (!data || data->empty()) throw std::runtime_error("the server finished too early");
    print("  received ", repr(*data));
    missing -= data->size();
  }
  print("done");
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Connects, tries again while it is refused, and takes its own echo for a server's.",
                      .defaults = {.host = "localhost", .port = 10000}},
                     talk);
}
