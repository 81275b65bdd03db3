#include "predictions.hpp"

using namespace support;

namespace {

Start to(const Listener& listener) { return {.arguments = {"localhost", std::to_string(listener.port())}}; }

constexpr std::size_t message_size = 41;

/// What the program of 04-rest sends.
std::string all_numbers() {
  std::string text;
  for (int number = 1; number <= 1'000'000; ++number) text += std::to_string(number) + '\n';
  return text;
}

/// How many bytes the first line that begins with "  received " shows.
std::size_t first_received(const std::string& text) {
  const std::string beginning = "\n  received b'";
  const auto from = text.find(beginning) + beginning.size();
  return text.find('\'', from) - from;
}

}  // namespace

TEST_CASE("the predictions about echo-server are right", "[04-predict]") {
  Story story = exercise::story();
  exercise::Predictions predictions(story, 6);
  Server server(story, "ECHO_SERVER");
  server.freeze();
  Peer client(story, server.port());
  client.send(std::string(2500, 'x'));
  client.half_close();
  server.thaw();
  const std::string back = client.receive(2500);
  client.expect_end();
  const std::string printed = server.rest();
  predictions.compare(exercise::lines_with(printed, "accept("));
  predictions.compare(first_received(printed));
  predictions.compare(exercise::lines_with(printed, "  received "));
  predictions.compare(exercise::lines_with(printed, "read("));
  predictions.compare(back.size());
  predictions.compare(exercise::last_line(printed));
}

TEST_CASE("the closing line shows how many bytes came", "[04-count-bytes]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  Peer client(story, server.port());
  client.send("hello\n");
  client.expect("hello\n");
  client.send("bye\n");
  client.expect("bye\n");
  client.close();
  server.expect_in_order({"  closing after 10 bytes"});
  server.expect_exit(0);
}

TEST_CASE("each client's bytes are counted separately", "[04-count-bytes]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  ann.expect_echo(pattern(5000));
  bob.send("hello\n");
  bob.expect("hello\n");
  ann.close();
  server.expect_in_order({"  closing after 5000 bytes"});
}

TEST_CASE("a client that sends nothing is closed after 0 bytes", "[04-count-bytes]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  Peer(story, server.port()).close();
  server.expect_in_order({"  closing after 0 bytes"});
}

TEST_CASE("a client that reads at once gets every number", "[04-rest]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer client(story, server.port());
  client.expect_all(all_numbers());
}

TEST_CASE("a client that reads late gets every number and so does one that reads meanwhile", "[04-rest]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  const std::string numbers = all_numbers();
  Peer late(story, server.port(), "late client", 4096);
  for (int i = 0; i < 3; ++i) server.wait_until_idle();
  Peer other(story, server.port(), "other client");
  other.expect_all(numbers);
  late.expect_all(numbers);
}

TEST_CASE("the server sleeps while a client does not read", "[04-rest]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  const Peer deaf(story, server.port(), "deaf client", 4096);
  for (int i = 0; i < 3; ++i) server.wait_until_idle();
  exercise::expect_sleep(story, server, "a server that sleeps until there is room again");
}

TEST_CASE("the predictions about echo-client are right", "[05-predict]") {
  Story story = exercise::story();
  exercise::Predictions predictions(story, 5);
  Listener listener(story);
  Program client(story, "ECHO_CLIENT", to(listener));
  Peer server = listener.accept();
  const std::string all = server.receive(message_size);
  client.wait_until_idle();
  for (const std::size_t from : {0U, 14U, 28U}) {
    server.send(all.substr(from, 14));
    client.wait_until_idle();
  }
  client.expect_exit(0);
  const std::string printed = client.rest();
  predictions.compare(exercise::lines_with(printed, "  ready to write"));
  const auto switching = printed.find("switching to read-only");
  predictions.compare(exercise::lines_with(printed.substr(switching), "  ready to write"));
  predictions.compare(exercise::lines_with(printed, "  ready to read"));
  predictions.compare("0");
  Program cut_off(story, "ECHO_CLIENT", to(listener));
  Peer early = listener.accept();
  early.send(early.receive(message_size).substr(0, 14));
  early.close();
  cut_off.expect_failure();
  predictions.compare("1");
}

TEST_CASE("the client waits until everything has come back", "[05-first-chunk]") {
  Story story = exercise::story();
  Listener listener(story);
  Program client(story, exercise::program(), to(listener));
  Peer server = listener.accept();
  const std::string all = server.receive(message_size);
  server.send(all.substr(0, 21));
  client.expect_in_order({"  received b'This is the message. '"});
  server.send(all.substr(21));
  client.expect_in_order({"  received b'It will be repeated.'"});
  client.expect_exit(0);
}

TEST_CASE("the client exits with an error if the server closes before everything has come back", "[05-first-chunk]") {
  Story story = exercise::story();
  Listener listener(story);
  Program client(story, exercise::program(), to(listener));
  Peer server = listener.accept();
  server.send(server.receive(message_size).substr(0, 21));
  server.close();
  client.expect_failure();
}

TEST_CASE("the client gives up when the server sends nothing for a second", "[05-time-limit]") {
  Story story = exercise::story();
  Listener listener(story);
  Program client(story, exercise::program(), to(listener));
  const Peer server = listener.accept();
  client.expect_failure("no answer");
}

TEST_CASE("the client waits for a server that is slow but not silent", "[05-time-limit]") {
  Story story = exercise::story();
  Listener listener(story);
  Program client(story, exercise::program(), to(listener));
  Peer server = listener.accept();
  const std::string all = server.receive(message_size);
  for (const std::size_t from : {0U, 14U, 28U}) {
    pass(std::chrono::milliseconds(500));
    server.send(all.substr(from, 14));
  }
  client.expect_exit(0);
}
