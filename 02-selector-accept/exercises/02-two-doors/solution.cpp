#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <string>

using namespace selectors;
using lesson::print;

namespace {

Socket listening_socket(const Address& address) {
  Socket server(address.family());
  server.set_reuse_address();
  server.bind(address);
  server.listen();
  server.setblocking(false);
  return server;
}

void selector_accept(const lesson::Arguments& arguments) {
  Socket first = listening_socket(Address(arguments.host, arguments.port));
  Socket second = listening_socket(Address(arguments.host, 0));
  print("listening on ", arguments.host, " port ", first.getsockname().port());
  print("second door on port ", second.getsockname().port());

  // Both doors in one bag
  DefaultSelector selector;
  const int first_door = selector.register_(std::move(first), EVENT_READ).fd;
  selector.register_(std::move(second), EVENT_READ);

  while (true) {
    for (const auto& [key, mask] : selector.select()) {
      print("About to accept.");
      auto accepted = key.fileobj.accept();
      if (!accepted) continue;
      print("Accepted.");
      accepted->conn.send(key.fd == first_door ? "first door\n" : "second door\n");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(
      argc, argv, {.about = "Waits for clients at two ports at once.", .defaults = {.host = "localhost", .port = 7342}},
      selector_accept);
}
