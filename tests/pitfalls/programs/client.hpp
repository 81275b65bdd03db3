// The main function of the gallery's clients.
#pragma once

#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <string>

namespace pitfalls {

using namespace selectors;
using lesson::print;
using lesson::repr;

/// Runs `body(connected, server)` with a non-blocking connection to the server.
template <class Body>
int run_client(int argc, char** argv, const char* about, const Body& body) {
  return lesson::run(argc, argv, {.about = about, .defaults = {.host = "localhost", .port = 10000}},
                     [&](const lesson::Arguments& arguments) {
                       const Address server(arguments.host, arguments.port);
                       Socket sock(server.family());
                       sock.connect(server);
                       sock.setblocking(false);
                       body(std::move(sock));
                     });
}

}  // namespace pitfalls
