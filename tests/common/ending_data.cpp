// Data may do anything to the selector while it ends: in modify, in unregister, at the end of a walk, in close and in
// the selector's own end.
#include "facilities.hpp"

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace {

/// Does something when it ends, unless it was moved from.
class AtEnd {
 public:
  AtEnd() = default;
  explicit AtEnd(std::function<void()> action) : action_(std::move(action)) {}
  AtEnd(AtEnd&& other) noexcept : action_(std::exchange(other.action_, nullptr)), own_(std::move(other.own_)) {}
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;
  AtEnd& operator=(AtEnd&&) = delete;
  ~AtEnd() {
    if (action_) action_();
    own_.push_back(0);  // writes into its own memory, which has to be there until its end
  }

 private:
  std::function<void()> action_;
  std::vector<int> own_ = {1, 2, 3};
};

template <class TestType>
using Bag = typename TestType::template Selector<AtEnd>;

/// Registers a socket that has something to read, with data that does this at its end.
template <class Selector>
int add(Selector& selector, std::vector<Socket>& peers, std::function<void()> action = {}) {
  auto [ours, theirs] = nonblocking_pair();
  theirs.send("x");
  peers.push_back(std::move(theirs));
  return selector.register_(std::move(ours), EVENT_READ, AtEnd(std::move(action))).fd;
}

template <class Selector>
void remove(Selector& selector, int fd) {
  if (selector.get_map().contains(fd)) selector.unregister(fd);
}

}  // namespace

TEMPLATE_TEST_CASE("replaced data may unregister its own key in its destructor", "", FACILITIES) {
  Bag<TestType> selector;
  std::vector<Socket> peers;
  int fd = -1;
  fd = add(selector, peers, [&] { remove(selector, fd); });
  CHECK(selector.modify(fd, EVENT_READ, AtEnd()).events == EVENT_READ);
  CHECK(selector.get_map().empty());
  CHECK_FALSE(is_open(fd));
}

TEMPLATE_TEST_CASE("data replaced during a walk may unregister its own key when the walk ends", "", FACILITIES) {
  Bag<TestType> selector;
  std::vector<Socket> peers;
  int fd = -1;
  fd = add(selector, peers, [&] { remove(selector, fd); });
  for (const auto& [key, mask] : selector.select(1s)) {
    selector.modify(key, EVENT_READ, AtEnd());
    CHECK(selector.get_map().contains(fd));
  }
  CHECK(selector.get_map().empty());
}

TEMPLATE_TEST_CASE("replaced data may close the selector in its destructor", "", FACILITIES) {
  Bag<TestType> selector;
  std::vector<Socket> peers;
  const int fd = add(selector, peers, [&] { selector.close(); });
  add(selector, peers);
  CHECK(selector.modify(fd, EVENT_READ, AtEnd()).fd == fd);
  CHECK_THROWS_AS(selector.get_map(), ValueError);
}

TEMPLATE_TEST_CASE("data of an unregistered key may unregister and register others in its destructor", "", FACILITIES) {
  Bag<TestType> selector;
  std::vector<Socket> peers;
  const int other = add(selector, peers);
  int fresh = -1;
  const int fd = add(selector, peers, [&] {
    remove(selector, other);
    fresh = add(selector, peers);
  });
  SECTION("at once") { selector.unregister(fd); }
  SECTION("at the end of a walk") {
    for ([[maybe_unused]] const auto& event : selector.select(1s)) remove(selector, fd);
  }
  CHECK(selector.get_map().size() == 1);
  CHECK(selector.get_map().contains(fresh));
}

TEMPLATE_TEST_CASE("data destroyed at the end of a walk may start another walk", "", FACILITIES) {
  Bag<TestType> selector;
  std::vector<Socket> peers;
  int found = 0;
  const int fd = add(selector, peers, [&] { found = count(selector.select(1s)); });
  add(selector, peers);
  for ([[maybe_unused]] const auto& event : selector.select(1s)) remove(selector, fd);
  CHECK(found == 1);
}

TEMPLATE_TEST_CASE("data destroyed while the selector closes may still use the selector", "", FACILITIES) {
  std::vector<Socket> peers;
  std::vector<int> all;
  int fresh = -1;
  std::size_t seen = 0;
  const auto fill = [&](auto& selector) {
    for (int i = 0; i < 3; ++i)
      all.push_back(add(selector, peers, [&] {
        seen += selector.get_map().size();
        for (const int fd : all) remove(selector, fd);  // the others, all of which are in before the first ends
        if (fresh < 0) fresh = add(selector, peers);
      }));
  };
  SECTION("in close") {
    Bag<TestType> selector;
    fill(selector);
    selector.close();
    CHECK_THROWS_AS(selector.get_map(), ValueError);
  }
  SECTION("in the selector's destructor") {
    Bag<TestType> selector;
    fill(selector);
  }
  SECTION("at the end of a walk in which it was closed") {
    Bag<TestType> selector;
    int ended = 0;
    for (int i = 0; i < 3; ++i) all.push_back(add(selector, peers, [&] { ++ended; }));
    for ([[maybe_unused]] const auto& event : selector.select(1s)) {
      selector.close();
      CHECK(ended == 0);
    }
    CHECK(ended == 3);
    fresh = all[0];
    seen = 1;
  }
  CHECK(seen > 0);
  CHECK(fresh >= 0);
  const auto is_peer = [&](int fd) {  // a socket that was made later, and has the number of one that was closed
    return std::any_of(peers.begin(), peers.end(), [fd](const Socket& peer) { return peer.fileno() == fd; });
  };
  for (const int fd : all) CHECK((!is_open(fd) || is_peer(fd)));
  CHECK((!is_open(fresh) || is_peer(fresh)));
}

TEMPLATE_TEST_CASE("close also closes a socket that data registers meanwhile under a reused descriptor", "",
                   FACILITIES) {
  Bag<TestType> selector;
  std::vector<Socket> peers;
  const int first = add(selector, peers);
  int fresh = -1;
  add(selector, peers, [&] { fresh = add(selector, peers); });
  selector.close();
  if (detail::number_step == 1) CHECK(fresh == first);  // the lowest free number; Windows gives any
  CHECK_FALSE(is_open(fresh));
}

TEMPLATE_TEST_CASE("data of a descriptor that is only watched may close it in its destructor", "", FACILITIES) {
  std::vector<Socket> peers;
  auto [ours, theirs] = nonblocking_pair();
  const int fd = ours.fileno();
  {
    Bag<TestType> selector;
    selector.register_(fd, EVENT_READ, AtEnd([&, &mine = ours] { mine.close(); }));
    add(selector, peers);
  }
  CHECK_FALSE(is_open(fd));
}

TEMPLATE_TEST_CASE("data of a refused registration may register another socket in its destructor", "", FACILITIES) {
  Bag<TestType> selector;
  std::vector<Socket> peers;
  int fresh = -1;
  const int fd = add(selector, peers);
  CHECK_THROWS_AS(selector.register_(fd, EVENT_READ, AtEnd([&] { fresh = add(selector, peers); })), KeyError);
  CHECK(selector.get_map().contains(fd));
  CHECK(selector.get_map().contains(fresh));
}
