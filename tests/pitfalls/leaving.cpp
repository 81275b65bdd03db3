#include "stage.hpp"

namespace pitfalls {

void reset_one(Story& story, const Command& program) {
  Server server(story, program);
  Peer bystander(story, server.port(), "bystander");
  bystander.expect_echo("hello");
  server.freeze();
  Peer client(story, server.port());
  client.send("never answered");
  client.reset();
  server.thaw();
  server.wait_until_idle();
  expect_served(server, bystander);
  Peer idle(story, server.port(), "idle client");
  idle.expect_echo("hello");
  idle.reset();
  server.wait_until_idle();
  expect_served(server, bystander);
}

void leave_while_spoken_to(Story& story, const Command& program) {
  Server server(story, program);
  Peer bystander(story, server.port(), "bystander");
  bystander.expect_echo("hello");
  server.freeze();
  Peer client(story, server.port());
  client.send(std::string(1500, 'x'));  // in two reads: the first answer causes a reset, the second runs into it
  client.close();
  server.thaw();
  server.wait_until_idle();
  expect_served(server, bystander);
}

void connect_and_leave(Story& story, const Command& program) {
  const Server server(story, program);
  Peer client(story, server.port());
  client.expect_echo("hello");
  client.close();
  expect_at_rest(story, server);
}

void leave_first(Story& story, const Command& program) {
  Server server(story, program);
  Peer bystander(story, server.port(), "bystander");
  Peer client(story, server.port());
  client.expect_echo("hello");
  client.close();
  server.wait_until_idle();
  expect_served(server, bystander);
  Peer late(story, server.port(), "late client");
  expect_served(server, late);
}

void reset_a_neighbour(Story& story, const Command& program) {
  Server server(story, program);
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  Peer cid(story, server.port(), "cid");
  server.expect_connections(3);
  server.freeze();
  ann.send("hello");
  bob.reset();  // in the same batch: serving ann shows that bob is gone, and bob's own event is still to come
  server.thaw();
  cid.expect("hello");
  while_it_runs(server, [&] {
    ann.send("still there?");
    cid.expect("still there?");
  });
}

}  // namespace pitfalls
