#include "support/catch.hpp"
#include "support/command_line.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

using namespace support;

namespace {

constexpr auto program = "ECHO_CLIENT";
const std::string first = "This is the message. ";
const std::string second = "It will be repeated.";
const std::string message = first + second;

Start to(int port) { return {.arguments = {"localhost", std::to_string(port)}}; }

}  // namespace

TEST_CASE("echo-client prints the same lines as the Python program when the echo comes in one piece") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  server.expect(message);
  const std::string name = "client(('127.0.0.1', " + std::to_string(listener.port()) + "))";
  for (const std::string& line :
       {"connecting to localhost port " + std::to_string(listener.port()), std::string("waiting for I/O"), name,
        std::string("  ready to write"), "  sending b'" + first + "'", std::string("waiting for I/O"), name,
        std::string("  ready to write"), "  sending b'" + second + "'", std::string("waiting for I/O"), name,
        std::string("  ready to write"), std::string("  switching to read-only")})
    client.expect_line(line);
  server.send(message);
  client.expect_in_order({name, "  ready to read", "  received b'" + message + "'", "shutting down"});
  client.expect_exit(0);
  server.expect_end();
}

TEST_CASE("echo-client waits for the whole echo however it is split") {
  Story story;
  for (const std::size_t piece : {1U, 10U, 21U, 40U}) {
    Listener listener(story);
    Program client(story, program, to(listener.port()));
    Peer server = listener.accept();
    server.expect(message);
    for (std::size_t at = 0; at < message.size(); at += piece) {
      const std::string part = message.substr(at, piece);
      server.send(part);
      client.expect_in_order({"  received b'" + part + "'"});
    }
    client.expect_in_order({"shutting down"});
    client.expect_exit(0);
  }
}

TEST_CASE("echo-client finishes even if the first message comes back before the second is sent") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  server.expect(first);
  server.send(first);
  server.expect(second);
  server.send(second);
  client.expect_in_order({"shutting down"});
  client.expect_exit(0);
}

TEST_CASE("echo-client stops asking for EVENT_WRITE once everything is sent") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  const Peer server = listener.accept();
  client.expect_in_order({"  switching to read-only"});
  CHECK(client.ticks_within(std::chrono::milliseconds(1000)) <= 1);
  CHECK(client.running());
}

TEST_CASE("echo-client exits with an error when the server closes before the echo is complete") {
  Story story;
  for (const std::size_t size : {0U, 1U, 40U}) {
    Listener listener(story);
    Program client(story, program, to(listener.port()));
    Peer server = listener.accept();
    server.expect(message);
    server.send(message.substr(0, size));
    server.close();
    client.expect_failure("after " + std::to_string(size) + " of 41 bytes");
  }
}

TEST_CASE("echo-client exits with an error when the server resets the connection") {
  Story story;
  story.needs_posix("Wine reports a reset as an ordinary close");
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  server.expect(message);
  server.reset();
  client.expect_failure("onnection reset");
}

TEST_CASE("echo-client exits with an error when no server is listening") {
  Story story;
  const int port = unused_port();
  Program(story, program, to(port)).expect_failure(std::to_string(port) + "): Connection refused");
}

TEST_CASE("echo-client and echo-server finish together") {
  Story story;
  for (int i = 0; i < 10; ++i) {
    Server server(story, "ECHO_SERVER");
    Program client(story, program, to(server.port()));
    client.expect_in_order({"shutting down"});
    client.expect_exit(0);
    server.expect_in_order({"  closing", "shutting down"});
    server.expect_exit(0);
  }
}

TEST_CASE("echo-client reports a mistake on its command line in one line") { check_command_line(program); }
