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

// A callback with a counter of its own: each call of this function makes a new one.
Callback counting_accept() {
  return [count = 0](Socket& server) mutable {
    auto accepted = server.accept();
    if (!accepted) return;
    print("Accepted.");
    accepted->conn.send("number " + std::to_string(++count) + '\n');
  };
}

void callbacks(const lesson::Arguments& arguments) {
  Socket first = listening_socket(Address(arguments.host, arguments.port));
  Socket second = listening_socket(Address(arguments.host, 0));
  print("listening on ", arguments.host, " port ", first.getsockname().port());
  print("second door on port ", second.getsockname().port());

  DefaultSelector<Callback> selector;
  selector.register_(std::move(first), EVENT_READ, counting_accept());
  selector.register_(std::move(second), EVENT_READ, counting_accept());

  while (true) {
    for (const auto& [key, mask] : selector.select()) {
      const Callback& callback = key.data;  // not a copy: that would count for itself, and be gone
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
