#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

using namespace selectors;
using lesson::print;

namespace {

using Callback = void (*)(Socket&);

void accept_connection(Socket& server) {
  print("About to accept.");
  if (server.accept()) print("Accepted.");  // nothing keeps the connection, so it is closed here
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

  while (true) {
    //! [loop]
    for (const auto& [key, mask] : selector.select()) {
      const Callback callback = key.data;
      callback(key.fileobj);
    }
    //! [loop]
  }
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Accepts in a callback that was registered with the listening socket.",
                      .defaults = {.host = "localhost", .port = 7342}},
                     callbacks);
}
