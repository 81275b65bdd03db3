#include "support/catch.hpp"
#include "support/command_line.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

#include <csignal>

using namespace support;

namespace {

constexpr auto program = "MULTICONN_CLIENT";

Start to(int port, const std::vector<std::string>& more = {}) {
  Start start{.arguments = {"127.0.0.1", std::to_string(port)}};
  start.arguments.insert(start.arguments.begin(), more.begin(), more.end());
  return start;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

/// What the client says on one connection: its two messages, however they come.
std::string both_messages(Peer& server) {
  std::string said;
  while (count(said, "Message") < 2 || !said.ends_with('.')) said += server.receive(1);
  return said;
}

}  // namespace

TEST_CASE("multiconn-client opens all its connections at once and closes each when its echo is complete") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port(), {"--connections", "5"}));
  std::vector<Peer> servers;
  for (int i = 1; i <= 5; ++i) servers.push_back(listener.accept("server side " + std::to_string(i)));
  for (auto& server : servers) {
    const std::string said = both_messages(server);
    server.send(said);
    server.expect_end();
  }
  const std::string text = client.rest();
  client.expect_exit(0);
  for (const char* const line : {"starting connection ", "closing connection "}) CHECK(count(text, line) == 5);
  CHECK(count(text, "sending b'") == 10);
}

TEST_CASE("multiconn-client waits for the whole echo however it is split") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port(), {"--connections", "1"}));
  Peer server = listener.accept();
  const std::string said = both_messages(server);
  for (const char byte : said) {
    server.send({&byte, 1});
    client.expect_in_order({"received b'" + std::string(1, byte) + "' from connection 1"});
  }
  client.expect_line("closing connection 1");
  client.expect_exit(0);
}

TEST_CASE("multiconn-client finishes its work with each of the two servers") {
  Story story;
  for (const char* const variable : {"MULTICONN_SERVER", "CALLBACK_SERVER"}) {
    const Server server(story, variable, {.arguments = {"--quiet"}});
    Program client(story, program, to(server.port(), {"--connections", "50", "--quiet"}));
    const std::string text = client.rest();
    CHECK(count(text, "\n") == 1);
    client.expect_exit(0);
  }
}

TEST_CASE("multiconn-client exits with an error when no server is listening") {
  Story story;
  const int port = unused_port();
  Program(story, program, to(port, {"--connections", "1"})).expect_failure("Connection refused");
}

TEST_CASE("multiconn-client loses one connection to a reset and finishes the others") {
  Story story;
  story.needs_posix("Wine reports a reset as an ordinary close");
  Listener listener(story);
  Program client(story, program, to(listener.port(), {"--connections", "3"}));
  Peer bad = listener.accept("bad server side");
  Peer a = listener.accept("good server side");
  Peer b = listener.accept("good server side");
  bad.reset();
  for (Peer* const server : {&a, &b}) {
    const std::string said = both_messages(*server);
    server->send(said);
  }
  const std::string text = client.rest();
  CHECK(count(text, "closing connection ") == 2);
  client.expect_failure("onnection reset");
}

TEST_CASE("multiconn-client reports which connection the server closed too early") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port(), {"--connections", "1"}));
  Peer server = listener.accept();
  server.receive(48);
  server.close();
  client.expect_failure("connection 1: the server closed the connection after 0 of 48 bytes");
}

TEST_CASE("multiconn-client uses no CPU time while it waits for the echo") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port(), {"--connections", "1"}));
  Peer server = listener.accept();
  server.receive(48);
  CHECK(client.ticks_within(std::chrono::milliseconds(1000)) <= 1);
}

TEST_CASE("multiconn-client exits with status 0 on SIGINT and SIGTERM") {
  for (const int number : {SIGINT, SIGTERM}) {
    Story story;
    Listener listener(story);
    Program client(story, program, to(listener.port(), {"--connections", "1"}));
    Peer server = listener.accept();
    server.receive(48);
    client.signal(number);
    client.expect_exit(0);
  }
}

TEST_CASE("multiconn-client reports a mistake on its command line in one line") { check_command_line(program); }
