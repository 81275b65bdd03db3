#include "../beyond/tls.hpp"

#include "exercise.hpp"

using namespace support;
using namespace beyond;

namespace {

/// The server of a class, which is the program that is checked.
Command program_of_class() {
  Command command = exercise::program();
  command.line += command_line(options_for("server"));
  return command;
}

/// The next line in the log must be this one.
void expect_logged(const Story& story, Server& server, const std::string& what, const std::string& expected) {
  const std::string line = server.line(what);
  story.expect(line == expected, what + ": " + expected, line);
}

std::vector<Peer> strangers(Story& story, const Server& server, int count) {
  std::vector<Peer> peers;
  for (int i = 0; i < count; ++i) peers.emplace_back(story, server.port(), "stranger " + std::to_string(i + 1));
  return peers;
}

}  // namespace

TEST_CASE("the client with the oldest unfinished handshake is dropped to make room", "[tls-crowd]") {
  Story story = exercise::story();
  Server server(story, program_of_class());
  auto crowd = strangers(story, server, 50);
  server.expect_connections(50);
  crowd.emplace_back(story, server.port(), "one more");
  expect_logged(story, server, "a refusal of stranger 1, who came first",
                "refused " + crowd.front().address() + ": too many strangers");
  crowd.front().expect_gone();
  server.expect_connections(50);
}

TEST_CASE("members do not count as strangers", "[tls-crowd]") {
  Story story = exercise::story();
  Server server(story, program_of_class());
  Student ann(story, server, "ann");
  Student bob(story, server, "bob");
  auto crowd = strangers(story, server, 60);
  for (std::size_t i = 0; i < 10; ++i)
    expect_logged(story, server, "a refusal of stranger " + std::to_string(i + 1),
                  "refused " + crowd[i].address() + ": too many strangers");
  server.expect_connections(52);
  ann.say("still here\n");
  bob.expect("ann: still here\n");
}

TEST_CASE("joining again replaces the member's older connection", "[tls-one-seat]") {
  Story story = exercise::story();
  Server server(story, program_of_class());
  Student laptop(story, server, "ann");
  Student bob(story, server, "bob");
  Student phone(story, server, "ann");
  expect_logged(story, server, "the end of ann's older connection",
                "Closing connection to ann " + laptop.address() + ": it has joined again");
  laptop.expect_goodbye();
  bob.say("hello\n");
  phone.expect("bob: hello\n");
  phone.say("hello\n");
  bob.expect("ann: hello\n");
}

TEST_CASE("strangers and other members keep their connections", "[tls-one-seat]") {
  Story story = exercise::story();
  Server server(story, program_of_class());
  auto crowd = strangers(story, server, 3);
  server.expect_connections(3);
  Student cid(story, server, "cid");
  Student first(story, server, "ann");
  Student second(story, server, "ann");
  expect_logged(story, server, "the end of ann's older connection",
                "Closing connection to ann " + first.address() + ": it has joined again");
  server.expect_connections(5);
  cid.say("all here?\n");
  second.expect("cid: all here?\n");
}
