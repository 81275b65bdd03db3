#include "../beyond/redis.hpp"
#include "exercise.hpp"

using namespace support;

namespace {

/// A node of the student's.
class Node : public Server {
 public:
  Node(Story& story, const Redis& redis)
      : Server(story, exercise::program(), {.arguments = {"--quiet", "--redis", redis.path()}}) {}

  /// A member that the node has accepted.
  Peer join(const std::string& name) {
    Peer member(story_, port(), name);
    expect_connections(++members_);
    return member;
  }

 private:
  std::size_t members_ = 0;
};

}  // namespace

TEST_CASE("a new member on any node receives earlier messages", "[machines-history]") {
  Story story = exercise::story();
  const Redis redis(story);
  Node first(story, redis);
  Node second(story, redis);
  redis.expect_readers(2);
  Peer ann = first.join("ann");
  Peer bob = second.join("bob");
  ann.send("is anybody here?\n");
  bob.expect("is anybody here?\n");
  bob.send("I am\n");
  ann.expect("I am\n");
  Peer cid = second.join("cid");
  cid.expect("is anybody here?\nI am\n");
  Peer dora = first.join("dora");
  dora.expect("is anybody here?\nI am\n");
  ann.send("welcome\n");
  for (Peer* const member : {&bob, &cid, &dora}) member->expect("welcome\n");
}

TEST_CASE("a new member receives the last ten messages and no more", "[machines-history]") {
  Story story = exercise::story();
  const Redis redis(story);
  Node first(story, redis);
  Node second(story, redis);
  redis.expect_readers(2);
  Peer ann = first.join("ann");
  Peer bob = second.join("bob");
  std::string last;
  for (int i = 1; i <= 25; ++i) {
    const std::string message = "message " + std::to_string(i) + "\n";
    ann.send(message);
    bob.expect(message);
    if (i > 15) last += message;
  }
  Peer cid = second.join("cid");
  cid.expect(last);
  exercise::expect_nothing(story, second, cid, "nothing more for cid");
  bob.send("that was all\n");
  cid.expect("that was all\n");
}

TEST_CASE("a new member of an empty chat receives nothing", "[machines-history]") {
  Story story = exercise::story();
  const Redis redis(story);
  Node node(story, redis);
  redis.expect_readers(1);
  Peer ann = node.join("ann");
  exercise::expect_nothing(story, node, ann, "nothing for ann yet");
  Peer bob = node.join("bob");
  ann.send("hello\n");
  bob.expect("hello\n");
}
