#include "support/catch.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

#include <csignal>

using namespace support;

namespace {

constexpr auto program = "TALK";

Start to(int port, const std::string& input = "") { return {.arguments = {std::to_string(port)}, .input = input}; }

}  // namespace

TEST_CASE("talk sends typed lines and prints received data in any order") {
  Story story;
  Listener listener(story);
  Program client(story, program, {.arguments = {"localhost", std::to_string(listener.port())}});
  Peer server = listener.accept();
  server.send("welcome\n");
  client.expect_output("welcome\n");
  client.type("hello\n");
  server.expect("hello\n");
  server.send("no newline");
  client.expect_output("no newline");
  client.type("again\n");
  server.expect("again\n");
}

TEST_CASE("talk half-closes at the end of its input and reads until the other side closes") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  client.type("last words");
  client.end_input();
  server.expect_all("last words");
  for (int i = 0; i < 3; ++i) {
    server.send("one more\n");
    client.expect_output("one more\n");
  }
  client.expect_running();
  server.close();
  client.expect_exit(0);
}

TEST_CASE("talk exits when the other side closes even if its input is still open") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  server.send("good bye\n");
  server.close();
  CHECK(client.rest() == "good bye\n");
  client.expect_exit(0);
}

TEST_CASE("talk reports a reset as an error") {
  Story story;
  story.needs_posix("Wine reports a reset as an ordinary close");
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  server.reset();
  client.expect_failure("onnection reset");
}

TEST_CASE("talk sends more than the buffers hold and gets all of it back") {
  Story story;
  Server server(story, "MULTICONN_SERVER", {.arguments = {"--quiet"}});
  Program client(story, program, to(server.port()));
  const std::string data = pattern(3'000'000);
  client.type(data);
  client.end_input();
  CHECK(client.rest() == data);
  client.expect_exit(0);
}

TEST_CASE("talk exits with an error when not all of its input could be delivered") {
  Story story;
  story.needs_posix("Wine reports a reset as an ordinary close");
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  client.type_some(pattern(20'000'000));
  server.expect(pattern(1000));  // of much more
  server.close();                // with the rest unread, which is a reset
  client.expect_failure("");
}

TEST_CASE("talk uses no CPU time while nobody sends anything") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  client.type("x");
  server.expect("x");
  CHECK(client.ticks_within(std::chrono::milliseconds(500)) <= 1);
  client.end_input();
  server.expect_end();
  CHECK(client.ticks_within(std::chrono::milliseconds(500)) <= 1);
}

TEST_CASE("talk ends at once on SIGINT") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  client.signal(SIGINT);
  server.expect_end();
  CHECK(story.eventually([&] { return client.ending() == "killed by signal 2"; }));
}

TEST_CASE("talk exits with an error when no server is listening") {
  Story story;
  Program(story, program, to(unused_port())).expect_failure("Connection refused");
}

TEST_CASE("talk --listen serves one client by hand") {
  Story story;
  Program server(story, program, {.arguments = {"--listen", "0"}});
  const std::string first = server.line();
  const std::string start = "listening on localhost port ";
  REQUIRE(first.starts_with(start));
  Program client(story, program, to(std::stoi(first.substr(start.size()))));
  server.type("who is there?\n");
  client.expect_output("who is there?\n");
  client.type("a friend\n");
  server.expect_output("a friend\n");
  client.end_input();
  server.end_input();
  client.expect_exit(0);
  server.expect_exit(0);
}

TEST_CASE("talk reports a mistake on its command line in one line") {
  Story story;
  Program help(story, program, {.arguments = {"--help"}});
  CHECK(help.rest().find("usage: talk [HOST] PORT\n") == 0);
  help.expect_exit(0);
  const std::vector<std::pair<std::vector<std::string>, std::string>> mistakes = {
      {{}, "PORT is missing"},
      {{"localhost"}, "localhost"},
      {{"localhost", "65536"}, "65536"},
      {{"localhost", "80", "more"}, "more"},
      {{"-d", "80"}, "-d"},
      {{"no.such.host.invalid", "80"}, "no.such.host.invalid"},
  };
  for (const auto& [arguments, part] : mistakes) Program(story, program, {.arguments = arguments}).expect_failure(part);
}
