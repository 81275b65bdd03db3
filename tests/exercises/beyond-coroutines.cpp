#include "exercise.hpp"

using namespace support;

namespace {

Start with_short_limit() { return {.arguments = {"--idle", "1"}}; }

}  // namespace

TEST_CASE("a client that is silent for too long receives the reason before it is closed", "[coroutines-goodbye]") {
  Story story = exercise::story();
  Server server(story, exercise::program(), with_short_limit());
  Peer client(story, server.port(), "silent client");
  client.expect_all("You were silent for too long.\n");
  Peer speaker(story, server.port(), "client that spoke once");
  speaker.expect_echo("hello");
  speaker.expect_all("You were silent for too long.\n");
}

TEST_CASE("a client that leaves by itself receives nothing", "[coroutines-goodbye]") {
  Story story = exercise::story();
  Server server(story, exercise::program(), with_short_limit());
  Peer client(story, server.port());
  client.expect_echo("hello");
  client.half_close();
  client.expect_end();
}

TEST_CASE("a client that never reads is closed as before", "[coroutines-goodbye]") {
  Story story = exercise::story();
  Server server(story, exercise::program(), with_short_limit());
  Peer deaf(story, server.port(), "deaf client", 4096);
  deaf.send_without_reading(pattern(8'000'000));
  server.expect_connections(0);
  Peer(story, server.port(), "new client").expect_echo("hello");
}
