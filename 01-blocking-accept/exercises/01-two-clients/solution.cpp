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

  for (int number = 1; number <= 2; ++number) {
    print("About to accept:");
    auto accepted = server.accept();  // here the program stands still until somebody connects
    print("Call to `accept` returned.");
    accepted->conn.send("you are number " + std::to_string(number) + '\n');
  }  // and here the connection is closed
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(
      argc, argv,
      {.about = "Greets two clients, one after the other, then ends.", .defaults = {.host = "localhost", .port = 7342}},
      blocking_accept);
}
