#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

using namespace selectors;
using lesson::print;

namespace {

using Callback = void (*)(Socket&);

void accept_connection(Socket& server) {
  print("About to accept.");
  if (server.accept()) print("Accepted.");  // nobody keeps the connection, so it is closed here
}

void callbacks(const lesson::Arguments& arguments) {
  // Set up the server
  const Address address(arguments.host, arguments.port);
  Socket server(address.family());
  server.set_reuse_address();
  server.bind(address);
  server.listen();
  server.setblocking(false);
  print("listening on ", arguments.host, " port ", server.getsockname().port());

  // Set up the selectors "bag of sockets"
  DefaultSelector<Callback> selector;
  selector.register_(std::move(server), EVENT_READ, accept_connection);

  // Here: a second listening socket, on port 0, with a callback that ends the program.

  while (true) {
    for (const auto& [key, mask] : selector.select()) {
      const Callback callback = key.data;
      callback(key.fileobj);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Accepts clients at one port, and ends when somebody connects to another.",
                      .defaults = {.host = "localhost", .port = 7342}},
                     callbacks);
}
