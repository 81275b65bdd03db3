#include "support/catch.hpp"
#include "support/command_line.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

#include <lesson/terminal.hpp>

using namespace support;

namespace {

constexpr auto program = "ECHO_SERVER";
const std::string message = "This is the message. It will be repeated.";

/// What it prints from now on, without the lines whose number depends on time.
std::string story_of(Server& server) {
  std::string text = server.rest();
  const std::string waiting = "waiting for I/O\n";
  for (auto at = text.find(waiting); at != text.npos; at = text.find(waiting)) text.erase(at, waiting.size());
  return text;
}

}  // namespace

TEST_CASE("echo-server prints the same lines as the Python program for one client and then exits") {
  Story story;
  Server server(story, program);
  CHECK(server.first_line() == "starting up on localhost port " + std::to_string(server.port()));
  Peer client(story, server.port());
  client.send(message);
  client.expect(message);
  client.close();
  const auto& addr = client.address();
  CHECK(story_of(server) == "accept(" + addr + ")\nread(" + addr + ")\n  received b'" + message + "'\nread(" + addr +
                                ")\n  closing\nshutting down\n");
  server.expect_exit(0);
}

TEST_CASE("echo-server prints at least once a second that it is waiting") {
  Story story;
  Server server(story, program);
  const auto start = Clock::now();
  for (int i = 0; i < 3; ++i) server.expect_line("waiting for I/O");
  CHECK(Clock::now() - start >= std::chrono::milliseconds(1900));
  CHECK(Clock::now() - start < std::chrono::seconds(4));
}

TEST_CASE("echo-server prints bytes as Python does") {
  Story story;
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (const std::string& data : {bytes, std::string("it's"), std::string("say \"it's\""), std::string("a\\b\t\r\n")}) {
    Server server(story, program);
    Peer client(story, server.port());
    client.send(data);
    client.expect(data);
    server.expect_in_order({"  received " + std::string(lesson::repr(data))});
  }
}

TEST_CASE("echo-server reads at most 1024 bytes at a time") {
  Story story;
  Server server(story, program);
  server.freeze();
  Peer client(story, server.port());
  client.send(std::string(1500, 'x'));
  server.thaw();
  server.expect_in_order(
      {"  received b'" + std::string(1024, 'x') + "'", "  received b'" + std::string(476, 'x') + "'"});
}

TEST_CASE("echo-server echoes a message longer than one read without a delay") {
  Story story;
  Server server(story, program);
  Peer client(story, server.port());
  expect_no_delay(story, [&, long_message = pattern(5000)] { client.expect_echo(long_message); });
}

TEST_CASE("echo-server serves other clients while one is silent") {
  Story story;
  Server server(story, program);
  const Peer silent(story, server.port(), "silent client");
  Peer a(story, server.port(), "client a");
  Peer b(story, server.port(), "client b");
  for (int i = 0; i < 10; ++i) {
    a.send("from a");
    b.send("from b");
    a.expect("from a");
    b.expect("from b");
  }
}

TEST_CASE("echo-server echoes everything to a client that reads late") {
  Story story;
  Server server(story, program);
  Peer client(story, server.port(), "client", 65'536);
  const std::string data = pattern(16'000'000);
  const auto sent = client.send_without_reading(data);
  CHECK(sent > 1'000'000);
  client.expect(data.substr(0, sent));
  client.close();
  server.expect_exit(0);
}

TEST_CASE("echo-server serves other clients while one does not read") {
  Story story;
  Server server(story, program);
  Peer deaf(story, server.port(), "deaf client", 4096);
  server.expect_in_order({"accept(" + deaf.address() + ")"});
  server.shrink_send_buffers();
  deaf.send(pattern(100'000));
  server.wait_until_idle();
  Peer other(story, server.port(), "other client");
  other.expect_echo("hello");
}

TEST_CASE("echo-server echoes everything that came before a half-close") {
  Story story;
  Server server(story, program);
  Peer client(story, server.port(), "client", 65'536);
  const std::string data = pattern(5'000'000);  // more than the kernel takes off the server's hands
  const auto sent = client.send_without_reading(data);
  CHECK(sent > 1'000'000);
  client.half_close();
  server.wait_until_idle();  // a server that does not stop reading has seen the end by now
  client.expect_all(std::string_view(data).substr(0, sent));
  server.expect_exit(0);
}

TEST_CASE("echo-server keeps its memory bounded while a client does not read") {
  Story story;
  Server server(story, program);
  Peer client(story, server.port(), "client", 4096);
  const long before = server.resident_kib();
  client.send_without_reading(pattern(64'000'000));
  server.wait_until_idle();
  CHECK(server.resident_kib() - before < 4096 + Program::sanitizer_kib());
  CHECK(server.running());
}

TEST_CASE("echo-server treats a reset as a close and exits with status 0") {
  Story story;
  Server server(story, program);
  Peer client(story, server.port());
  client.send("hello");
  client.expect("hello");
  client.reset();
  const auto& addr = client.address();
  CHECK(story_of(server).ends_with("read(" + addr + ")\n  closing\nshutting down\n"));
  server.expect_exit(0);
}

TEST_CASE("echo-server treats a reset before accept as a close") {
  Story story;
  story.needs_posix("Windows discards a connection that was reset before accept");
  Server server(story, program);
  server.freeze();
  Peer client(story, server.port());
  client.send("never read");
  client.reset();
  server.thaw();
  CHECK(story_of(server).ends_with("  closing\nshutting down\n"));
  server.expect_exit(0);
}

TEST_CASE("echo-server treats a reset while it is sending as a close") {
  Story story;
  Server server(story, program);
  Peer client(story, server.port(), "client", 4096);
  client.send_without_reading(pattern(8'000'000));
  client.reset();
  CHECK(story_of(server).ends_with("  closing\nshutting down\n"));
  server.expect_exit(0);
}

TEST_CASE("echo-server accepts more clients at once than the Python program's backlog of 5") {
  Story story;
  Server server(story, program);
  server.freeze();
  std::vector<Peer> clients;
  for (int i = 0; i < 20; ++i) clients.emplace_back(story, server.port());
  server.thaw();
  for (auto& client : clients) {
    client.send("here");
    client.expect("here");
  }
}

TEST_CASE("echo-server uses no CPU time while a client is silent") {
  Story story;
  Server server(story, program);
  const Peer client(story, server.port());
  server.expect_in_order({"accept(" + client.address() + ")"});
  CHECK(server.ticks_within(std::chrono::milliseconds(1000)) <= 1);
}

TEST_CASE("echo-server has a non-blocking listening socket") {
  Story story;
  const Server server(story, program);
  server.expect_nonblocking_listener();
}

TEST_CASE("echo-server can be restarted at once on the same port") { check_comes_back(program); }

TEST_CASE("echo-server reports a mistake on its command line in one line") { check_command_line(program); }

TEST_CASE("echo-server reports that its port is already in use") { check_port_in_use(program); }

TEST_CASE("echo-server listens on IPv6 too") { check_ipv6(program); }
