#include "exercise.hpp"

#include <csignal>

using namespace support;

TEST_CASE("SIGTERM ends the server cleanly", "[06-until-told]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  for (int i = 0; i < 2; ++i) {
    Peer client(story, server.port());
    client.send("hello");
    client.expect("hello");
  }
  Peer staying(story, server.port(), "client that stays");
  server.expect_connections(1);
  server.signal(SIGTERM);
  server.expect_in_order({"served 3 clients"});
  server.expect_exit(0);
  staying.expect_end();
}

TEST_CASE("Ctrl-C ends the server cleanly and at once", "[06-until-told]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  server.wait_until_idle();
  server.signal(SIGINT);
  server.expect_line("served 0 clients");
  server.expect_exit(0);
}

TEST_CASE("a server with one idle client sleeps", "[06-idle-cost]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer client(story, server.port());
  client.send("hello");
  client.expect("hello");
  exercise::expect_sleep(story, server, "a server that sleeps while its clients say nothing");
}

TEST_CASE("a client that reads late gets everything", "[06-idle-cost]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer slow(story, server.port(), "slow client", 4096);
  const auto sent = slow.send_without_reading(pattern(3'000'000));
  std::size_t back = 0;
  const bool all = story.eventually([&] {
    back += slow.drain().size();
    return back >= sent;
  });
  story.expect(all, "all that was sent comes back",
               "of " + std::to_string(sent) + " bytes came " + std::to_string(back));
}

TEST_CASE("a client that half-closes gets everything", "[06-idle-cost]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer client(story, server.port());
  const std::string bytes = pattern(50'000);
  client.send(bytes);
  client.half_close();
  client.expect_all(bytes);
}

TEST_CASE("a client that is silent for half a second is disconnected", "[06-idle-limit]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  for (const bool spoke : {false, true}) {
    const auto before = Clock::now();
    Peer client(story, server.port(), spoke ? "client that spoke once" : "silent client");
    if (spoke) client.send("hello");
    if (spoke) client.expect("hello");
    client.expect_end();
    const auto length = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - before);
    story.expect(length > std::chrono::milliseconds(450), "half a second until the end",
                 "it came after " + std::to_string(length.count()) + " ms");
  }
}

TEST_CASE("a client that keeps sending stays connected whatever happens to the others", "[06-idle-limit]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer speaker(story, server.port(), "speaker");
  Peer silent(story, server.port(), "silent client");
  for (int i = 0; i < 30 && !silent.has_input(); ++i) {
    speaker.send("still here");
    speaker.expect("still here");
    pass(std::chrono::milliseconds(100));
  }
  story.expect(silent.has_input(), "the silent client is closed although the other goes on speaking",
               "it is still connected after three seconds");
  silent.expect_end();
  speaker.send("and here");
  speaker.expect("and here");
}

TEST_CASE("a server without clients sleeps", "[06-idle-limit]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer(story, server.port()).expect_end();
  exercise::expect_sleep(story, server, "a server that sleeps while there is nobody to wait for");
}
