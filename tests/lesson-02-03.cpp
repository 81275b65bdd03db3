// Lessons 02 and 03 behave alike but for what becomes of the connection. Built once for each, with PROGRAM and NAME
// set.
#include "support/catch.hpp"
#include "support/command_line.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

#include <optional>

using namespace support;

namespace {

constexpr std::string_view program = PROGRAM;
const bool keeps_the_client = program == "SELECTOR_ACCEPT";

void expect_pair(Server& server) {
  server.expect_line("About to accept.");
  server.expect_line("Accepted.");
}

}  // namespace

TEST_CASE(PROGRAM_NAME " prints both lines back to back for each client") {
  Story story;
  Server server(story, program);
  server.expect_silence(100);
  for (int i = 0; i < 20; ++i) {
    const Peer client(story, server.port());
    expect_pair(server);
  }
  server.expect_silence(50);
}

TEST_CASE(PROGRAM_NAME " serves clients that connect at the same moment one after another") {
  Story story;
  Server server(story, program);
  server.freeze();
  std::vector<Peer> clients;
  for (int i = 0; i < 50; ++i) clients.emplace_back(story, server.port());
  server.thaw();
  for (int i = 0; i < 50; ++i) expect_pair(server);
}

TEST_CASE(PROGRAM_NAME " closes a client's connection when the Python program does") {
  Story story;
  Server server(story, program);
  Peer first(story, server.port(), "first client");
  expect_pair(server);
  if (keeps_the_client) {  // until the next one comes
    first.expect_silence(100);
    const Peer second(story, server.port(), "second client");
    expect_pair(server);
  }
  first.expect_end();
}

TEST_CASE(PROGRAM_NAME " survives clients that reset their connections") {
  Story story;
  story.needs_posix("Windows discards a connection that was reset before accept");
  Server server(story, program);
  for (int i = 0; i < 100; ++i) Peer(story, server.port()).reset();
  for (int i = 0; i < 100; ++i) expect_pair(server);
  const Peer client(story, server.port());
  expect_pair(server);
}

TEST_CASE(PROGRAM_NAME " survives clients that send data") {
  Story story;
  Server server(story, program);
  std::vector<Peer> clients;
  for (int i = 0; i < 5; ++i) {
    clients.emplace_back(story, server.port());
    clients.back().send_without_reading(pattern(1000));
    expect_pair(server);
  }
  CHECK(server.running());
}

TEST_CASE(PROGRAM_NAME " leaks no descriptors as clients come and go") {
  Story story;
  Server server(story, program);
  std::optional<Peer> client;
  client.emplace(story, server.port());
  expect_pair(server);
  const auto before = server.open_descriptors();
  for (int i = 0; i < 30; ++i) {
    client.emplace(story, server.port());
    expect_pair(server);
  }
  CHECK(server.open_descriptors() == before);
}

TEST_CASE(PROGRAM_NAME " has a non-blocking listening socket") {
  Story story;
  const Server server(story, program);
  server.expect_nonblocking_listener();
}

TEST_CASE(PROGRAM_NAME " uses no CPU time while it waits") {
  Story story;
  Server server(story, program);
  const Peer client(story, server.port());
  expect_pair(server);
  const long before = server.cpu_ticks();
  server.expect_silence(500);
  CHECK(server.cpu_ticks() - before <= 1);
}

TEST_CASE(PROGRAM_NAME " can be restarted at once on the same port") { check_comes_back(program); }

TEST_CASE(PROGRAM_NAME " reports a mistake on its command line in one line") { check_command_line(program); }

TEST_CASE(PROGRAM_NAME " reports that its port is already in use") { check_port_in_use(program); }

TEST_CASE(PROGRAM_NAME " listens on IPv6 too") { check_ipv6(program); }
