#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <functional>
#include <string>

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

// Here: each door counts its own clients.
void accept_connection(Socket& server) {
  auto accepted = server.accept();
  if (!accepted) return;
  print("Accepted.");
  accepted->conn.send("number ?\n");
}

void callbacks(const lesson::Arguments& arguments) {
  Socket first = listening_socket(Address(arguments.host, arguments.port));
  Socket second = listening_socket(Address(arguments.host, 0));
  print("listening on ", arguments.host, " port ", first.getsockname().port());
  print("second door on port ", second.getsockname().port());

  DefaultSelector<Callback> selector;
  selector.register_(std::move(first), EVENT_READ, accept_connection);
  selector.register_(std::move(second), EVENT_READ, accept_connection);

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
                     {.about = "Tells its clients their number, for each of two doors.",
                      .defaults = {.host = "localhost", .port = 7342}},
                     callbacks);
}
