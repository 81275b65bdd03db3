// What a chat on many nodes adds to lesson 07, whose tests a node passes too.
#include "../support/catch.hpp"
#include "../support/peer.hpp"
#include "../support/program.hpp"
#include "redis.hpp"

#include <csignal>
#include <sstream>
#include <vector>

using namespace support;

namespace {

constexpr auto program = "CHAT_NODE";

/// One node, which prints only its first line and errors.
class Node : public Server {
 public:
  Node(Story& story, const Redis& redis)
      : Server(story, program, {.arguments = {"--quiet", "--redis", redis.path()}}) {}

  /// A member that the node has accepted.
  Peer join(const std::string& name, int receive_buffer = 0) {
    Peer member(story_, port(), name, receive_buffer);
    expect_connections(++members_);
    return member;
  }

 private:
  std::size_t members_ = 0;
};

/// The lines that begin with none of these names.
std::string without(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  std::string kept;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with(name)) kept += line + '\n';
  return kept;
}

/// The command by which another node says a number, its message of that number.
std::string said_elsewhere(const std::string& number) {
  return "XADD {chat} * node other number " + number + " speaker 1 text " + number;
}

/// Nothing comes: a message of somebody else's, said later, is the next that it hears.
void expect_next(Peer& listener, Peer& speaker, const std::string& word) {
  speaker.send(word);
  listener.expect(word);
}

}  // namespace

TEST_CASE("a message reaches every member on every node once but not its sender") {
  Story story;
  const Redis redis(story);
  Node first(story, redis);
  Node second(story, redis);
  Peer ann = first.join("ann");
  Peer bob = first.join("bob");
  Peer cid = second.join("cid");
  Peer dora = second.join("dora");
  const std::string bytes("any\0bytes\xff\r\n", 12);
  ann.send(bytes);
  for (Peer* const member : {&bob, &cid, &dora}) member->expect(bytes);
  cid.send("hello");
  for (Peer* const member : {&ann, &bob, &dora}) member->expect("hello");
  expect_next(cid, dora, "and nothing of its own");
}

TEST_CASE("members on three nodes receive all messages in the same order") {
  Story story;
  const Redis redis(story);
  std::vector<std::string> heard;
  const std::vector<std::string> names = {"ann", "bob", "cid"};
  {
    Node one(story, redis);
    Node two(story, redis);
    Node three(story, redis);
    std::vector<Peer> speakers;
    std::vector<Peer> listeners;
    for (std::size_t i = 0; i < 3; ++i) {
      Node& node = *std::vector<Node*>{&one, &two, &three}[i];
      speakers.push_back(node.join(names[i]));
      listeners.push_back(node.join("listener"));
    }
    std::size_t size = 0;
    std::vector<std::size_t> of(3);
    for (int round = 0; round < 200; ++round)
      for (std::size_t i = 0; i < 3; ++i) {
        const std::string line = names[i] + ' ' + std::to_string(round) + '\n';
        speakers[i].send(line);
        size += line.size();
        of[i] += line.size();
      }
    for (Peer& listener : listeners) heard.push_back(listener.receive(size));
    for (std::size_t i = 0; i < 3; ++i) CHECK(speakers[i].receive(size - of[i]) == without(heard[0], names[i]));
  }
  CHECK(heard[1] == heard[0]);
  CHECK(heard[2] == heard[0]);
  for (const std::string& name : names) {  // and each in the order in which it was said
    std::string said;
    for (int round = 0; round < 200; ++round) said += name + ' ' + std::to_string(round) + '\n';
    std::string of_others = heard[0];
    for (const std::string& other : names)
      if (other != name) of_others = without(of_others, other);
    CHECK(of_others == said);
  }
}

TEST_CASE("a node that starts later receives messages from then on") {
  Story story;
  const Redis redis(story);
  Node first(story, redis);
  Peer ann = first.join("ann");
  Peer bob = first.join("bob");
  expect_next(bob, ann, "before");
  Node second(story, redis);
  Peer cid = second.join("cid");
  redis.expect_readers(2);
  expect_next(cid, ann, "after");
}

TEST_CASE("a node sleeps with bounded memory and drops nobody while Redis hangs") {
  Story story(std::chrono::seconds(30));
  Redis redis(story);
  Node first(story, redis);
  Node second(story, redis);
  Peer ann = first.join("ann");
  Peer bob = second.join("bob");
  Peer cid = first.join("cid");
  expect_next(bob, ann, "ready");
  cid.expect("ready");
  redis.process().freeze();
  const long before = first.resident_kib();
  const std::string said = pattern(20'000'000);
  const std::size_t taken = ann.send_without_reading(said);
  CHECK(taken < said.size());  // she has to wait
  Peer dora = first.join("dora");
  dora.send("!");  // a member that joins now has to wait, too
  CHECK(first.resident_kib() - before < 2048 + Program::sanitizer_kib());
  first.wait_until_idle();
  CHECK(first.ticks_within(std::chrono::milliseconds(500)) <= 2);
  CHECK(first.connections() == 3);
  redis.process().thaw();
  std::string heard;
  while (heard.size() <= taken) {
    const std::string part = bob.receive(std::min<std::size_t>(100'000, taken + 1 - heard.size()));
    cid.expect(part);
    dora.receive(part.size() - (part.find('!') == part.npos ? 0 : 1));
    heard += part;
  }
  heard.erase(heard.find('!'), 1);
  CHECK((heard == said.substr(0, taken)));
}

TEST_CASE("messages sent while Redis is down arrive once it is back") {
  Story story;
  Redis redis(story);
  Node first(story, redis);
  Node second(story, redis);
  Peer ann = first.join("ann");
  Peer bob = second.join("bob");
  expect_next(bob, ann, "before");
  redis.kill();
  ann.send("one ");
  ann.send("two");
  bob.expect_silence(100);
  redis.start();
  bob.expect("one two");
  expect_next(ann, bob, "after");
  CHECK(story.eventually([&] { return lines_of(first.errors()) == 2; }));  // that it is gone, and that it is back
  CHECK(first.errors().find("is back") != std::string::npos);
}

TEST_CASE("an idle node reports once that Redis is gone and once that it is back") {
  Story story;
  Redis redis(story);
  Node node(story, redis);
  redis.expect_readers(1);
  redis.kill();
  CHECK(story.eventually([&] { return lines_of(node.errors()) == 1; }));
  redis.start();
  CHECK(story.eventually([&] { return lines_of(node.errors()) == 2; }));
  CHECK(node.errors().find("is back") != std::string::npos);
}

TEST_CASE("nodes that start before Redis wait for it and keep their members") {
  Story story;
  Redis redis(story, nullptr);
  Node first(story, redis);
  Node second(story, redis);
  Peer ann = first.join("ann");
  Peer bob = second.join("bob");
  redis.start();
  redis.expect_readers(2);
  expect_next(bob, ann, "hello");
}

TEST_CASE("a node sends a message again until Redis accepts it") {
  Story story;
  const Redis redis(story);
  Node first(story, redis);
  Node second(story, redis);
  Peer ann = first.join("ann");
  Peer bob = second.join("bob");
  expect_next(bob, ann, "before");
  CHECK(redis.ask("CONFIG SET maxmemory 1") == "+OK\r\n");  // it has no room for a message more
  ann.send("one ");
  first.wait_until_idle();
  ann.send("two");
  bob.expect_silence(200);
  CHECK(redis.ask("CONFIG SET maxmemory 0") == "+OK\r\n");
  bob.expect("one two");
  CHECK(story.eventually([&] { return first.errors().find("OOM") != std::string::npos; }));
}

TEST_CASE("a killed node loses no message that Redis has and disturbs no other node") {
  Story story;
  const Redis redis(story);
  Node first(story, redis);
  Node second(story, redis);
  Node third(story, redis);
  Peer ann = first.join("ann");
  Peer bob = second.join("bob");
  Peer cid = third.join("cid");
  expect_next(bob, ann, "the last word");
  first.kill_and_wait();
  ann.expect_gone();
  cid.expect("the last word");
  expect_next(cid, bob, "still here");
}

TEST_CASE("a message that is in the stream twice is delivered once") {
  Story story;
  const Redis redis(story);
  Node node(story, redis);
  Peer ann = node.join("ann");
  redis.expect_readers(1);
  for (const std::string number : {"1", "2", "1", "2", "3"}) CHECK(redis.ask(said_elsewhere(number)).starts_with("$"));
  ann.expect("123");
  CHECK(redis.ask("XADD {chat} * text by-hand").starts_with("$"));
  ann.expect("by-hand");  // and nothing twice before it
  CHECK(node.errors().empty());
}

TEST_CASE("a node reports messages that Redis dropped before they were read") {
  Story story;
  const Redis redis(story);
  Node node(story, redis);
  Peer ann = node.join("ann");
  redis.expect_readers(1);
  for (const std::string number : {"1", "5"}) CHECK(redis.ask(said_elsewhere(number)).starts_with("$"));
  ann.expect("15");
  CHECK(story.eventually([&] { return node.errors().find("Redis no longer has 3 messages") != std::string::npos; }));
}

TEST_CASE("on SIGTERM a node first sends waiting messages to Redis") {
  Story story;
  Redis redis(story);
  Node first(story, redis);
  Node second(story, redis);
  Peer ann = first.join("ann");
  Peer bob = second.join("bob");
  expect_next(bob, ann, "ready");
  redis.process().freeze();
  ann.send("goodbye");
  first.wait_until_idle();
  SECTION("Redis answers again") {
    first.signal(SIGTERM);
    redis.process().thaw();
    first.expect_exit(0);
    bob.expect("goodbye");
  }
  SECTION("Redis does not answer and the exit status is 1") {
    first.signal(SIGTERM);
    first.expect_exit(1);
    redis.process().thaw();
  }
}

TEST_CASE("a node reports what is wrong with its Redis address") {
  Story story;
  Program(story, program).expect_failure("--redis WHERE is missing");
  for (const std::string where : {"", "localhost:", "localhost:0", "localhost:65536", ":6379", "localhost:6379x"})
    Program(story, program, {.arguments = {"--redis", where, "localhost", "0"}})
        .expect_failure("--redis '" + where + "'");
  Program(story, program, {.arguments = {"--redis", "no.such.host.invalid:1", "localhost", "0"}})
      .expect_failure("no.such.host.invalid");
}
