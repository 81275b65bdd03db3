// The two servers of lesson 06 do the same work in two styles. Built once for each, with PROGRAM and PROGRAM_NAME set.
#include "support/catch.hpp"
#include "support/command_line.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

#include <lesson/terminal.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

using namespace support;

namespace {

constexpr std::string_view program = PROGRAM;
const bool names_clients = program == "MULTICONN_SERVER";

std::string accepted(const Peer& client) {
  return (names_clients ? "accepted connection from " : "Accepted connection from ") + client.address();
}

std::string echoed(const Peer& client, std::string_view data) {
  const std::string literal = lesson::repr(data);
  return names_clients ? "echoing " + literal + " to " + client.address() : "Received data: " + literal;
}

std::string closed(const Peer& client) {
  return names_clients ? "closing connection to " + client.address() : "Closing connection";
}

void expect_served(Story& story, const Server& server) {
  Peer client(story, server.port(), "new client");
  client.expect_echo("still there?");
}

}  // namespace

TEST_CASE(PROGRAM_NAME " prints a line when a client connects or sends data or leaves") {
  Story story;
  Server server(story, program);
  Peer client(story, server.port());
  server.expect_line(accepted(client));
  client.send("hello\n");
  server.expect_line(echoed(client, "hello\n"));
  client.expect("hello\n");
  client.close();
  server.expect_line(closed(client));
}

TEST_CASE(PROGRAM_NAME " prints only its first line with --quiet") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  Peer client(story, server.port());
  client.expect_echo("hello");
  client.close();
  server.expect_silence(100);
}

TEST_CASE(PROGRAM_NAME " serves many clients at once") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  std::vector<Peer> clients;
  for (int i = 0; i < 100; ++i) clients.emplace_back(story, server.port(), "client " + std::to_string(i));
  for (int turn = 0; turn < 3; ++turn) {
    for (std::size_t i = 0; i < clients.size(); ++i) clients[i].send("this is " + std::to_string(i));
    for (std::size_t i = clients.size(); i-- > 0;) clients[i].expect("this is " + std::to_string(i));
  }
}

TEST_CASE(PROGRAM_NAME " echoes every byte of a large message") {
  Story story;
  const Server server(story, program, {.arguments = {"--quiet"}});
  Peer client(story, server.port());
  const std::string data = pattern(4'000'000);
  client.expect_echo(data);
}

TEST_CASE(PROGRAM_NAME " echoes a message longer than one read without a delay") {
  Story story;
  const Server server(story, program, {.arguments = {"--quiet"}});
  Peer client(story, server.port());
  const std::string message = pattern(support::tested_on_windows() ? 5'000 : 100'000);  // Wine takes its time
  expect_no_delay(story, [&] { client.expect_echo(message); });
}

TEST_CASE(PROGRAM_NAME " echoes everything to a client that reads late") {
  Story story;
  const Server server(story, program, {.arguments = {"--quiet"}});
  Peer client(story, server.port(), "client", 65'536);
  const std::string data = pattern(16'000'000);
  const auto sent = client.send_without_reading(data);
  CHECK(sent > 1'000'000);
  client.expect(data.substr(0, sent));
}

TEST_CASE(PROGRAM_NAME " echoes data that is still waiting when the client half-closes") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  Peer client(story, server.port(), "client", 4096);
  server.expect_connections(1);
  server.shrink_send_buffers();
  const std::string data = pattern(40'000);  // some of it waits in the server, and all of it has been read
  client.send(data);
  client.half_close();
  server.wait_until_idle();
  client.expect_all(data);
}

TEST_CASE(PROGRAM_NAME " echoes everything that came before a half-close") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  Peer client(story, server.port(), "client", 65'536);
  const std::string data = pattern(5'000'000);  // more than the kernel takes off the server's hands
  const auto sent = client.send_without_reading(data);
  CHECK(sent > 1'000'000);
  client.half_close();
  server.wait_until_idle();  // a server that does not stop reading has seen the end by now
  client.expect_all(std::string_view(data).substr(0, sent));
  expect_served(story, server);
}

TEST_CASE(PROGRAM_NAME " keeps its memory bounded while a client does not read") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  Peer client(story, server.port(), "client", 4096);
  const long before = server.resident_kib();
  client.send_without_reading(pattern(64'000'000));
  server.wait_until_idle();
  CHECK(server.resident_kib() - before < 4096 + Program::sanitizer_kib());
  expect_served(story, server);
}

TEST_CASE(PROGRAM_NAME " drops a client that resets and keeps serving the others") {
  Story story;
  Server server(story, program);
  Peer neighbour(story, server.port(), "neighbour");
  server.expect_line(accepted(neighbour));
  for (int i = 0; i < 20; ++i) {
    Peer client(story, server.port());
    server.expect_line(accepted(client));
    client.reset();
    server.expect_line(closed(client));
    neighbour.expect_echo("and I?");
    server.expect_line(echoed(neighbour, "and I?"));
  }
}

TEST_CASE(PROGRAM_NAME " survives resets before accept and while it is sending") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  server.freeze();
  for (int i = 0; i < 20; ++i) {
    Peer client(story, server.port());
    client.send("never answered");
    client.reset();
  }
  server.thaw();
  for (int i = 0; i < 5; ++i) {
    Peer client(story, server.port(), "client", 4096);
    client.send_without_reading(pattern(4'000'000));
    client.reset();
  }
  expect_served(story, server);
}

TEST_CASE(PROGRAM_NAME " uses no CPU time while its clients are silent") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  std::vector<Peer> clients;
  for (int i = 0; i < 20; ++i) {
    clients.emplace_back(story, server.port());
    clients.back().expect_echo("x");
  }
  CHECK(server.ticks_within(std::chrono::milliseconds(1000)) <= 1);
}

TEST_CASE(PROGRAM_NAME " survives running out of descriptors and serves new clients afterwards") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}, .descriptor_limit = 40});
  {
    std::vector<Peer> clients;
    for (int i = 0; i < 60; ++i) clients.emplace_back(story, server.port());
    CHECK(server.ticks_within(std::chrono::milliseconds(500)) <= 2);
    clients.front().expect_echo("first come");
  }
  CHECK(lines_of(server.errors()) == 1);  // for all that were turned away
  server.expect_connections(0);
  expect_served(story, server);
}

TEST_CASE(PROGRAM_NAME " leaks no descriptors as clients come and go") {
  Story story;
  const Server server(story, program, {.arguments = {"--quiet"}});
  for (int i = 0; i < 50; ++i) {
    Peer client(story, server.port());
    client.expect_echo("x");
    if (i % 2 == 0) client.reset();
  }
  server.expect_connections(0);
}

TEST_CASE(PROGRAM_NAME " exits with status 0 on SIGINT and SIGTERM while clients are connected") {
  for (const int number : {SIGINT, SIGTERM}) {
    Story story;
    Server server(story, program, {.arguments = {"--quiet"}});
    Peer client(story, server.port());
    client.expect_echo("x");
    server.signal(number);
    server.expect_exit(0);
    client.expect_end();
  }
}

TEST_CASE(PROGRAM_NAME " exits with status 0 on SIGTERM even if nobody reads its output") {
  Story story;
  Server server(story, program, {.unread = true});
  Peer client(story, server.port());
  client.send_without_reading(pattern(1'000'000));
  server.signal(SIGTERM);
  server.expect_exit(0);
}

TEST_CASE(PROGRAM_NAME " keeps serving when its log cannot be written and reports that once") {
  Story story;
  Server server(story, program, {.closed = true});
  Peer client(story, server.port());
  for (int i = 0; i < 1000 && server.errors().empty(); ++i) client.expect_echo("hello");
  for (int i = 0; i < 20; ++i) client.expect_echo("hello");
  const std::string errors = server.errors();
  CHECK(errors.find("write to standard output: Broken pipe") != errors.npos);
  CHECK(lines_of(errors) == 1);
}

TEST_CASE(PROGRAM_NAME " keeps ignoring a signal that was ignored when it started") {
  Story story;
  Server server(story, program, {.under = R"(sh -c 'trap "" INT; exec "$@"' sh)"});
  server.signal(SIGINT);
  expect_served(story, server);
}

TEST_CASE(PROGRAM_NAME " turns away connections beyond the limit of select and serves the others") {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  if (limit.rlim_cur < 2500 || setrlimit(RLIMIT_NOFILE, &limit) < 0) return;
  setenv("SELECTORS_FACILITY", "select", 1);
  Story story;
  story.needs_posix("select has no limit of 1,024 descriptors");
  Server server(story, program, {.arguments = {"--quiet"}});
  Peer first(story, server.port(), "first client");
  {
    std::vector<Peer> crowd;
    for (int i = 0; i < 1050; ++i) crowd.emplace_back(story, server.port());
    first.expect_echo("and I?");
    while (server.errors().empty()) first.expect_echo("and now?");
  }
  CHECK(lines_of(server.errors()) <= 5);  // for 30 that were turned away, at times a second apart
  server.expect_connections(1);
  expect_served(story, server);
}

TEST_CASE(PROGRAM_NAME " can be restarted at once on the same port") { check_comes_back(program); }

TEST_CASE(PROGRAM_NAME " has a non-blocking listening socket") {
  Story story;
  const Server server(story, program);
  server.expect_nonblocking_listener();
}

TEST_CASE(PROGRAM_NAME " reports a mistake on its command line in one line") { check_command_line(program); }

TEST_CASE(PROGRAM_NAME " reports that its port is already in use") { check_port_in_use(program); }

TEST_CASE(PROGRAM_NAME " listens on IPv6 too") { check_ipv6(program); }
