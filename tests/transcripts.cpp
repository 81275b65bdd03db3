// Each lesson's README shows what its programs print; here they print it.
#include "support/catch.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"
#include "support/transcript.hpp"

#include <csignal>

using namespace support;

namespace {

/// All that a server printed, from its first line to its end, which a signal brings.
std::string printed_by(Server& server) {
  server.signal(SIGTERM);
  return server.first_line() + '\n' + server.rest();
}

}  // namespace

TEST_CASE("the page of lesson 01 shows what blocking-accept prints") {
  Story story;
  Server server(story, "BLOCKING_ACCEPT");
  const Peer client(story, server.port());
  expect_transcript(story, "01-blocking-accept", 0, server.first_line() + '\n' + server.rest());
}

TEST_CASE("the page of lesson 02 shows what selector-accept prints") {
  Story story;
  Server server(story, "SELECTOR_ACCEPT");
  Peer first(story, server.port());
  const Peer second(story, server.port());
  first.expect_end();
  server.wait_until_idle();
  expect_transcript(story, "02-selector-accept", 0, printed_by(server));
}

TEST_CASE("the page of lesson 03 shows what callbacks prints") {
  Story story;
  Server server(story, "CALLBACKS");
  Peer client(story, server.port());
  client.expect_end();
  server.wait_until_idle();
  expect_transcript(story, "03-callbacks", 0, printed_by(server));
}

TEST_CASE("the page of lesson 04 shows what echo-server prints") {
  Story story;
  Server server(story, "ECHO_SERVER");
  Peer client(story, server.port());
  client.send("hello\n");
  client.expect("hello\n");
  client.close();
  expect_transcript(story, "04-echo-server", 0, server.first_line() + '\n' + server.rest());
}

TEST_CASE("the page of lesson 05 shows what echo-client prints") {
  Story story;
  Listener listener(story);
  Program client(story, "ECHO_CLIENT", {.arguments = {"localhost", std::to_string(listener.port())}});
  Peer server = listener.accept();
  const std::string all = server.receive(41);
  std::string printed;
  while (!printed.ends_with("read-only\n")) printed += client.line() + '\n';
  server.send(all);
  expect_transcript(story, "05-echo-client", 0, printed + client.rest());
}

TEST_CASE("the page of lesson 06 shows what multiconn-server and multiconn-client print") {
  Story story;
  Server server(story, "MULTICONN_SERVER", {}, "127.0.0.1");
  server.freeze();
  Program client(story, "MULTICONN_CLIENT",
                 {.arguments = {"--connections", "1", "127.0.0.1", std::to_string(server.port())}});
  std::string printed;
  for (int i = 0; i < 3; ++i) printed += client.line() + '\n';
  client.wait_until_idle();
  server.thaw();
  expect_transcript(story, "06-multiconn", 1, printed + client.rest());
  server.expect_connections(0);
  expect_transcript(story, "06-multiconn", 0, printed_by(server));
}

TEST_CASE("the page of lesson 07 shows what chat-server and chat-client print") {
  Story story;
  Server server(story, "CHAT_SERVER");
  Peer ann(story, server.port(), "ann");
  server.expect_connections(1);
  Program bob(story, "CHAT_CLIENT", {.arguments = {"localhost", std::to_string(server.port())}});
  server.expect_connections(2);
  ann.send("hello\n");
  bob.expect_output("hello\n");
  ann.close();
  server.expect_connections(1);
  expect_transcript(story, "07-chat", 1, "hello\n");
  expect_transcript(story, "07-chat", 0, printed_by(server));
}
