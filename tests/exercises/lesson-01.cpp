#include "predictions.hpp"

#include <selectors/address.hpp>
#include <selectors/socket.hpp>

using namespace support;

TEST_CASE("the predictions about blocking-accept are right", "[01-predict]") {
  Story story = exercise::story();
  exercise::Predictions predictions(story, 5);
  Server server(story, "BLOCKING_ACCEPT");
  predictions.compare(server.line());
  const Peer client(story, server.port());
  predictions.compare(server.line());
  server.expect_exit(0);
  predictions.compare("0");
  selectors::Socket second(selectors::Family::inet);
  const auto error = second.connect_ex(selectors::Address("127.0.0.1", static_cast<std::uint16_t>(server.port())));
  predictions.compare(error ? "refused" : "connected");

  Server again(story, "BLOCKING_ACCEPT");
  again.freeze();
  const Peer ann(story, again.port(), "ann");
  const Peer bob(story, again.port(), "bob");
  again.thaw();
  predictions.compare(exercise::lines_with(again.rest(), "Call to"));
}

TEST_CASE("the client is greeted with its own address", "[01-greet]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  server.expect_line("About to accept:");
  Peer ann(story, server.port(), "ann");
  server.expect_line("Call to `accept` returned.");
  ann.expect_all("hello, " + ann.address() + "\n");
  server.expect_exit(0);
}

TEST_CASE("two clients are greeted one after another", "[01-two-clients]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  server.expect_line("About to accept:");
  Peer ann(story, server.port(), "ann");
  server.expect_line("Call to `accept` returned.");
  ann.expect_all("you are number 1\n");
  server.expect_line("About to accept:");
  Peer bob(story, server.port(), "bob");
  server.expect_line("Call to `accept` returned.");
  bob.expect_all("you are number 2\n");
  server.expect_exit(0);
}

TEST_CASE("two clients that come at the same moment are both greeted", "[01-two-clients]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  server.freeze();
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  server.thaw();
  ann.expect_all("you are number 1\n");
  bob.expect_all("you are number 2\n");
  server.expect_exit(0);
}
