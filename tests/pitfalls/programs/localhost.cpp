#include "echo_server.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <memory>
#include <stdexcept>

namespace {

/// The first address of a name, of either family.
std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> first_address(const lesson::Arguments& arguments) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(arguments.host.c_str(), std::to_string(arguments.port).c_str(), &hints, &found);
  if (error != 0) throw std::runtime_error("look up " + arguments.host + ": " + gai_strerror(error));
  return {found, freeaddrinfo};
}

class Localhost : public pitfalls::EchoServer {
  selectors::Socket listen(const lesson::Arguments& arguments) override {
    // The mistake: the first answer is taken for the only one. For `localhost`, ::1 often comes before 127.0.0.1, and a
    // client that connects to one address does not reach a server on the other.
    const auto address = first_address(arguments);
    const auto family = address->ai_family == AF_INET6 ? selectors::Family::inet6 : selectors::Family::inet;
    selectors::Socket listener(family);
    listener.set_reuse_address();
    listener.setblocking(false);
    listener.bind(selectors::Address::from_sockaddr(address->ai_addr, address->ai_addrlen));
    listener.listen();
    return listener;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Localhost>(argc, argv, "Echoes, on the first address of its host's name.");
}
