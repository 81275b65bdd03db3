#include "stage.hpp"
#include "wire.hpp"

namespace pitfalls {

void vanish(Story& story, const Command& program) {
  const Wire wire;
  story.tell("the demonstration", "makes the time limits that the server sets pass 30 times as fast");
  Server server(story, program, {.preload = SHORT_TIMES_SHIM, .under = wire.on_servers_machine()}, Wire::address());
  Peer bystander = wire.connect_near(story, server.port(), "bystander");
  Peer silent = wire.connect_far(story, server.port(), "silent client");
  Peer asker = wire.connect_far(story, server.port(), "asking client");
  silent.expect_echo("hello");
  asker.expect_echo("hello");
  server.expect_connections(3);
  server.freeze();
  asker.send("the answer to this is lost");
  wire.vanish(story);
  server.thaw();
  // Twice as long as keep-alive takes: its questions cannot be less than a second apart.
  const bool noticed = support::eventually(std::chrono::seconds(8), [&] { return server.connections() == 1; });
  story.expect(noticed, "the server notices that two of its clients are gone, and keeps the third",
               "it still holds " + std::to_string(server.connections()) + " connections");
  expect_served(server, bystander);
}

}  // namespace pitfalls
