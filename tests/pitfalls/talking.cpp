#include "stage.hpp"

#include <lesson/terminal.hpp>

namespace pitfalls {

void be_idle(Story& story, const Command& program) {
  const Server server(story, program);
  Peer client(story, server.port());
  client.expect_echo("hello");
  expect_at_rest(story, server);
}

void say_bytes(Story& story, const Command& program) {
  Server server(story, program);
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  server.expect_connections(2);
  for (const std::string bytes : {"\xc3", "\xa9", "\xff", "plain text"}) {
    ann.send(bytes);
    while_it_runs(server, [&] { bob.expect(bytes); });
  }
}

void say_it_in_pieces(Story& story, const Command& program) {
  const Server server(story, program);
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  server.expect_connections(2);
  ann.send("hello\n");
  bob.expect("hello\n");
  for (const char letter : std::string("hello\n")) {
    ann.send(std::string(1, letter));
    bob.expect(std::string(1, letter));
  }
}

void flood(Story& story, const Command& program) {
  Server server(story, program);
  Peer flooder(story, server.port(), "busy client");
  Peer asker(story, server.port(), "asker");
  server.expect_connections(2);
  server.freeze();
  flooder.send(std::string(100'000, 'x'));
  asker.send("ping");
  server.thaw();
  int lines = 0;
  while (server.line("a line about the ping").find("b'ping'") == std::string::npos) ++lines;
  story.expect(lines <= 4,
               "the asker is served after one or two lines about the busy client (and two about their connections)",
               std::to_string(lines) + " lines came before");
  asker.expect("ping");
}

void talk_at_length(Story& story, const Command& program) {
  const Server server(story, program, quiet());
  Story untold;  // 30 times the same
  Peer client(untold, server.port());
  story.tell("client", "connects; then, 30 times, sends 5000 bytes and waits until all of them are back");
  support::expect_no_delay(story, [&, message = support::pattern(5'000)] { client.expect_echo(message); });
}

}  // namespace pitfalls
