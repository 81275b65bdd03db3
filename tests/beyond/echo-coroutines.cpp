// What the echo server of beyond/coroutines promises beside the callback server's promises.
#include "../support/catch.hpp"
#include "../support/peer.hpp"
#include "../support/program.hpp"

#include <csignal>
#include <string>

using namespace std::chrono_literals;
using support::Peer;
using support::Server;
using support::Story;

TEST_CASE("echo-coroutines closes only the connection that is silent for the time limit") {
  Story story;
  Server server(story, "ECHO_COROUTINES", {.arguments = {"--idle", "1"}});
  Peer silent(story, server.port(), "silent client");
  Peer speaker(story, server.port(), "speaker");
  const auto before = support::Clock::now();
  while (!silent.has_input() && support::Clock::now() - before < 5s) {
    speaker.expect_echo("still here");
    support::pass(50ms);
  }
  silent.expect_end();
  CHECK(support::Clock::now() - before >= 950ms);
  speaker.expect_echo("and here");
  server.expect_connections(1);
}

TEST_CASE("echo-coroutines closes a connection that reads nothing for the time limit") {
  Story story;
  Server server(story, "ECHO_COROUTINES", {.arguments = {"--quiet", "--idle", "1"}});
  Peer deaf(story, server.port(), "deaf client", 4096);
  deaf.send_without_reading(support::pattern(8'000'000));
  server.expect_connections(0);
  Peer(story, server.port(), "new client").expect_echo("hello");
}

TEST_CASE("echo-coroutines answers data that arrived before SIGTERM") {
  Story story;
  Server server(story, "ECHO_COROUTINES", {.arguments = {"--quiet"}});
  Peer client(story, server.port());
  client.expect_echo("hello");
  Peer other(story, server.port(), "silent client");
  server.expect_connections(2);
  server.freeze();
  const std::string data = support::pattern(50'000);
  client.send(data);
  server.signal(SIGTERM);
  server.thaw();
  client.expect_all(data);
  other.expect_end();
  server.expect_exit(0);
}

TEST_CASE("echo-coroutines finishes sending to a slow client after SIGTERM") {
  Story story;
  Server server(story, "ECHO_COROUTINES", {.arguments = {"--quiet"}});
  Peer client(story, server.port(), "client", 4096);
  server.expect_connections(1);
  server.shrink_send_buffers();
  const std::string data = support::pattern(40'000);
  client.send(data);
  server.wait_until_idle();
  server.signal(SIGTERM);
  server.wait_until_idle();
  client.expect_all(data);
  server.expect_exit(0);
}

TEST_CASE("echo-coroutines exits after SIGTERM even if a client reads nothing") {
  Story story;
  Server server(story, "ECHO_COROUTINES", {.arguments = {"--quiet"}});
  Peer deaf(story, server.port(), "deaf client", 4096);
  deaf.send_without_reading(support::pattern(8'000'000));
  server.wait_until_idle();
  const auto before = support::Clock::now();
  server.signal(SIGTERM);
  server.expect_exit(0);
  CHECK(support::Clock::now() - before < 4s);
  CHECK(server.errors().find("stopped before 1 of its clients had received the whole answer") != std::string::npos);
}
