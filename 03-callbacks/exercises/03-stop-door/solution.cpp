#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <functional>

using namespace selectors;
using lesson::print;

namespace {

using Callback = std::function<void(Socket&)>;

Socket listening_socket(const Address& address) {
  Socket server(address.family());
  server.set_reuse_address();
  server.bind(address);
  server.listen();
  server.setblocking(false);
  return server;
}

void accept_connection(Socket& server) {
  print("About to accept.");
  if (server.accept()) print("Accepted.");  // nobody keeps the connection, so it is closed here
}

void callbacks(const lesson::Arguments& arguments) {
  Socket server = listening_socket(Address(arguments.host, arguments.port));
  Socket stop_door = listening_socket(Address(arguments.host, 0));
  print("listening on ", arguments.host, " port ", server.getsockname().port());
  print("stop door on port ", stop_door.getsockname().port());

  bool running = true;
  DefaultSelector<Callback> selector;
  selector.register_(std::move(server), EVENT_READ, accept_connection);
  selector.register_(std::move(stop_door), EVENT_READ, [&running](Socket&) {
    print("Stopping.");
    running = false;
  });

  // The loop still knows nothing of doors.
  while (running) {
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
