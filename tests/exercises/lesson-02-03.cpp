#include "exercise.hpp"

#include <selectors/address.hpp>
#include <selectors/socket.hpp>

using namespace support;

namespace {

/// Returns the port of the second door, which the server's second line names.
int second_port(Story& story, Server& server, const std::string& beginning) {
  const std::string line = server.line("the line '" + beginning + " N'");
  story.expect(line.starts_with(beginning + ' '), "the line '" + beginning + " N'", "it was " + line);
  return std::atoi(line.c_str() + beginning.size());
}

}  // namespace

TEST_CASE("the program prints a line when no client has come for half a second", "[02-timeout]") {
  Story story = exercise::story();
  const auto before = Clock::now();
  Server server(story, exercise::program());
  for (int i = 0; i < 3; ++i) server.expect_line("Nobody came.");
  const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - before);
  story.expect(length > std::chrono::milliseconds(1400), "the third line a second and a half after the start",
               "it came after " + std::to_string(length.count()) + " ms");
}

TEST_CASE("clients are still accepted", "[02-timeout]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  const Peer ann(story, server.port(), "ann");
  server.expect_in_order({"About to accept.", "Accepted.", "Nobody came."});
  const Peer bob(story, server.port(), "bob");
  server.expect_in_order({"About to accept.", "Accepted.", "Nobody came."});
  exercise::expect_sleep(story, server, "a program that sleeps while nobody comes");
}

TEST_CASE("both doors accept clients in any order", "[02-two-doors]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  const int second = second_port(story, server, "second door on port");
  for (const bool at_second : {true, false, false, true}) {
    Peer client(story, at_second ? second : server.port());
    client.expect_all(at_second ? "second door\n" : "first door\n");
  }
}

TEST_CASE("two clients at two doors at the same moment are both served", "[02-two-doors]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  const int second = second_port(story, server, "second door on port");
  server.freeze();
  Peer ann(story, server.port(), "ann");
  Peer bob(story, second, "bob");
  server.thaw();
  bob.expect_all("second door\n");
  ann.expect_all("first door\n");
  exercise::expect_sleep(story, server, "a program that sleeps while nobody comes");
}

TEST_CASE("a client at the stop door ends the program and one at the other door does not", "[03-stop-door]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  const int stop_door = second_port(story, server, "stop door on port");
  for (int i = 0; i < 2; ++i) {
    Peer client(story, server.port());
    client.expect_end();
    server.expect_line("About to accept.");
    server.expect_line("Accepted.");
  }
  story.tell("stopper", "connects to the stop door");
  selectors::Socket stopper(selectors::Family::inet);  // the server may be gone, and reset it, before connect() is back
  static_cast<void>(stopper.connect_ex(selectors::Address("127.0.0.1", static_cast<std::uint16_t>(stop_door))));
  server.expect_line("Stopping.");
  server.expect_exit(0);
}

TEST_CASE("each door counts its own clients", "[03-count]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  const int second = second_port(story, server, "second door on port");
  int at_first = 0;
  int at_second = 0;
  for (const bool goes_to_second : {false, false, true, false, true}) {
    const std::string number = std::to_string(goes_to_second ? ++at_second : ++at_first);
    Peer client(story, goes_to_second ? second : server.port(), goes_to_second ? "at door two" : "at door one");
    client.expect_all("number " + number + "\n");
  }
}
