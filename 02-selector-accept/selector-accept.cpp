#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

using namespace selectors;
using lesson::print;

namespace {

void selector_accept(const lesson::Arguments& arguments) {
  // Set up the server
  const Address address(arguments.host, arguments.port);
  Socket server(address.family());
  server.set_reuse_address();
  server.bind(address);
  server.listen();
  server.setblocking(false);  // "ready" is only a hint: the client may be gone before we accept
  print("listening on ", arguments.host, " port ", server.getsockname().port());

  // Set up the selectors "bag of sockets"
  DefaultSelector selector;
  selector.register_(std::move(server), EVENT_READ);

  Socket client;
  while (true) {
    //! [loop]
    for (const auto& [key, mask] : selector.select()) {
      print("About to accept.");
      auto accepted = key.fileobj.accept();
      if (!accepted) continue;             // it is gone: wait in select again, not in accept
      client = std::move(accepted->conn);  // closes the previous client, which is no longer needed
      print("Accepted.");
    }
    //! [loop]
  }
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Waits in select(), and accepts only when a client is there.",
                      .defaults = {.host = "localhost", .port = 7342}},
                     selector_accept);
}
