#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

using namespace selectors;
using lesson::print;

namespace {

void blocking_accept(const lesson::Arguments& arguments) {
  const Address address(arguments.host, arguments.port);
  //! [order_of_calls]
  Socket server(address.family());
  server.set_reuse_address();  // otherwise a second run within a minute fails: "Address already in use"
  server.bind(address);
  server.listen();
  //! [order_of_calls]
  print("listening on ", arguments.host, " port ", server.getsockname().port());

  print("About to accept:");
  server.accept();  // the program waits here until a client connects
  print("Call to `accept` returned.");
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Waits in accept() until a client connects, then ends.",
                      .defaults = {.host = "localhost", .port = 7342}},
                     blocking_accept);
}
