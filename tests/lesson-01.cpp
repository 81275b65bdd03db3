#include "support/catch.hpp"
#include "support/command_line.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

using namespace support;

TEST_CASE("blocking-accept waits in accept until a client connects and then ends") {
  Story story;
  Server server(story, "BLOCKING_ACCEPT");
  server.expect_line("About to accept:");
  server.expect_silence(100);
  Peer client(story, server.port());
  server.expect_line("Call to `accept` returned.");
  server.expect_exit(0);
  client.expect_end();
}

TEST_CASE("blocking-accept uses no CPU time while it waits") {
  Story story;
  Server server(story, "BLOCKING_ACCEPT");
  server.expect_line("About to accept:");
  const long before = server.cpu_ticks();
  server.expect_silence(500);
  CHECK(server.cpu_ticks() - before <= 1);
}

TEST_CASE("blocking-accept can be restarted at once on the same port") {
  Story story;
  std::string port = "0";
  for (int run = 0; run < 3; ++run) {
    Server server(story, "BLOCKING_ACCEPT", {}, "127.0.0.2", port);
    port = std::to_string(server.port());
    Peer client(story, server.port(), "client", 0, "127.0.0.2");
    server.expect_exit(0);
    client.expect_end();
  }
}

TEST_CASE("blocking-accept survives a client that resets its connection at once") {
  Story story;
  story.needs_posix("Windows discards a connection that was reset before accept");
  Server server(story, "BLOCKING_ACCEPT");
  server.expect_line("About to accept:");
  Peer(story, server.port()).reset();
  server.expect_line("Call to `accept` returned.");
  server.expect_exit(0);
}

TEST_CASE("blocking-accept reports a mistake on its command line in one line") {
  check_command_line("BLOCKING_ACCEPT");
}

TEST_CASE("blocking-accept reports that its port is already in use") { check_port_in_use("BLOCKING_ACCEPT"); }

TEST_CASE("blocking-accept listens on IPv6 too") { check_ipv6("BLOCKING_ACCEPT"); }
