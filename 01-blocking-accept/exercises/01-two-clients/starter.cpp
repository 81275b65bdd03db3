#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <string>

using namespace selectors;
using lesson::print;

namespace {

void blocking_accept(const lesson::Arguments& arguments) {
  const Address address(arguments.host, arguments.port);
  Socket server(address.family());
  server.set_reuse_address();  // else a second run within a minute finds the port taken: "Address already in use"
  server.bind(address);
  server.listen();
  print("listening on ", arguments.host, " port ", server.getsockname().port());

  // Here: two clients, one after the other, and a word for each of them.
  print("About to accept:");
  server.accept();  // here the program stands still until somebody connects
  print("Call to `accept` returned.");
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Waits in accept() until a client connects, then ends.",
                      .defaults = {.host = "localhost", .port = 7342}},
                     blocking_accept);
}
