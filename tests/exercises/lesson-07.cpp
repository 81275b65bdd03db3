#include "exercise.hpp"

#include <csignal>

using namespace support;

namespace {

/// A member that the server has accepted: so many are there then.
Peer join(Story& story, const Server& server, const std::string& name, std::size_t count) {
  Peer member(story, server.port(), name);
  server.expect_connections(count);
  return member;
}

/// The same for a server to which everyone says its name first.
Peer join_as(Story& story, const Server& server, const std::string& name, std::size_t count) {
  Peer member = join(story, server, name, count);
  member.send(name + "\n");
  return member;
}

}  // namespace

TEST_CASE("half a line is not sent until it is complete", "[07-lines]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer ann = join(story, server, "ann", 1);
  Peer bob = join(story, server, "bob", 2);
  ann.send("hel");
  exercise::expect_nothing(story, server, bob, "bob hears nothing of 'hel': it is half a line");
  ann.send("lo\n");
  bob.expect("hello\n");
}

TEST_CASE("halves of different members' lines are not mixed", "[07-lines]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer ann = join(story, server, "ann", 1);
  Peer bob = join(story, server, "bob", 2);
  Peer cid = join(story, server, "cid", 3);
  ann.send("good ");
  bob.send("bad ");
  server.wait_until_idle();
  ann.send("morning\n");
  cid.expect("good morning\n");
  bob.send("weather\n");
  cid.expect("bad weather\n");
}

TEST_CASE("several lines that arrive at once are all sent and half a line after them waits", "[07-lines]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer ann = join(story, server, "ann", 1);
  Peer bob = join(story, server, "bob", 2);
  ann.send("one\n\ntwo\nthr");
  bob.expect("one\n\ntwo\n");
  exercise::expect_nothing(story, server, bob, "nothing of 'thr' yet");
  ann.send("ee\n");
  bob.expect("three\n");
}

TEST_CASE("half a line is dropped when its sender leaves", "[07-lines]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer bob = join(story, server, "bob", 1);
  Peer cid = join(story, server, "cid", 2);
  {
    Peer ann = join(story, server, "ann", 3);
    ann.send("I was going to s");
  }
  server.expect_connections(2);
  cid.send("where is ann?\n");
  bob.expect("where is ann?\n");
}

TEST_CASE("only the member that sends an endless line is disconnected", "[07-lines]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer bob = join(story, server, "bob", 1);
  Peer cid = join(story, server, "cid", 2);
  Peer endless = join(story, server, "member that never presses Enter", 3);
  endless.send_without_reading(std::string(100'000, 'x'));
  server.expect_connections(2);
  cid.send("still here\n");
  bob.expect("still here\n");
}

TEST_CASE("each line is sent with its sender's name", "[07-names]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer bob = join_as(story, server, "bob", 1);
  server.wait_until_idle();
  Peer ann = join_as(story, server, "ann", 2);
  ann.send("hello\n");
  bob.expect("ann: hello\n");
  bob.send("good morning\n");
  ann.expect("bob: good morning\n");
  ann.send("how are you?\nand Cid?\n");
  bob.expect("ann: how are you?\nann: and Cid?\n");
}

TEST_CASE("a name may arrive in pieces and together with messages", "[07-names]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer bob = join_as(story, server, "bob", 1);
  Peer ann = join(story, server, "ann", 2);
  ann.send("a");
  server.wait_until_idle();
  ann.send("nn\nhello\nhow ");
  bob.expect("ann: hello\n");
  ann.send("are you?\n");
  bob.expect("ann: how are you?\n");
}

TEST_CASE("a member that reuses a descriptor has a name of its own", "[07-names]") {
  Story story = exercise::story();
  const Server server(story, exercise::program());
  Peer bob = join_as(story, server, "bob", 1);
  for (const std::string name : {"ann", "cid", "dora"}) {
    Peer guest = join_as(story, server, name, 2);
    guest.send("I am new\n");
    bob.expect(name + ": I am new\n");
    guest.close();
    server.expect_connections(1);
  }
}

TEST_CASE("a line typed at the server reaches everyone", "[07-keyboard]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  Peer ann = join(story, server, "ann", 1);
  Peer bob = join(story, server, "bob", 2);
  server.type("the server closes at five\n");
  ann.expect("the server closes at five\n");
  bob.expect("the server closes at five\n");
  ann.send("thanks\n");
  bob.expect("thanks\n");
}

TEST_CASE("the server keeps running and sleeps after its keyboard input has ended", "[07-keyboard]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  Peer ann = join(story, server, "ann", 1);
  Peer bob = join(story, server, "bob", 2);
  server.end_input();
  ann.send("is it gone?\n");
  bob.expect("is it gone?\n");
  exercise::expect_sleep(story, server, "a server that sleeps while nobody speaks");
}

TEST_CASE("the server exits with status 0 on SIGTERM while its keyboard is open", "[07-keyboard]") {
  Story story = exercise::story();
  Server server(story, exercise::program());
  server.signal(SIGTERM);
  server.expect_exit(0);
}
