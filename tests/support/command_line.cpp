#include "command_line.hpp"

#include "peer.hpp"

namespace support {

void check_command_line(std::string_view variable) {
  Story story;
  {
    Program help(story, variable, {.arguments = {"--help"}});
    const std::string usage = help.rest();
    story.expect(usage.find("[HOST] [PORT]") != usage.npos, "usage with [HOST] [PORT]", shown(usage));
    help.expect_exit(0);
  }
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes = {
      {{"localhost", "65536"}, "65536"},
      {{"localhost", "-1"}, "-1"},
      {{"localhost", "80x"}, "80x"},
      {{"localhost", ""}, "port"},
      {{"localhost", "0", "more"}, "more"},
      {{"--nonsense"}, "--nonsense"},
      {{"no.such.host.invalid", "0"}, "no.such.host.invalid"},
  };
  for (const auto& [arguments, part] : mistakes)
    Program(story, variable, {.arguments = arguments}).expect_failure(part);
}

void check_port_in_use(std::string_view variable) {
  Story story;
  const Listener somebody(story);
  const std::string port = std::to_string(somebody.port());
  Program(story, variable, {.arguments = {"127.0.0.1", port}}).expect_failure(port);
}

void check_comes_back(std::string_view variable) {
  Story story;
  check_comes_back(story, variable);
}

void check_comes_back(Story& story, const Command& program) {
  const std::string host = "127.0.0.2";  // where no other test may happen to get this port
  std::string port = "0";
  for (int run = 0; run < 3; ++run) {
    Server server(story, program, {}, host, port);
    port = std::to_string(server.port());
    Peer client(story, server.port(), "client", 0, host);
    story.expect(story.eventually([&] { return server.connections() > 0 || client.has_input(); }),
                 "the server accepts the client", "it did not");
    server.kill_and_wait();
    client.expect_gone();
  }
}

void check_ipv6(std::string_view variable) {
  Story story;
  const Server server(story, variable, {}, "::1");
}

}  // namespace support
