// The loop allocates nothing once it is warm: once as much has been ready as will be.
#include "../facilities.hpp"
#include "allocations.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <functional>
#include <new>
#include <vector>

namespace {

using Callback = std::function<void(Socket&, EventMask)>;

constexpr int cold_turns = 3;
constexpr int warm_turns = 10;

/// Sockets that are ready to read and to write, registered with a callback that counts its calls by what was ready.
template <class Selector>
class Bag {
 public:
  Bag(int sockets, EventMask events) {
    for (int i = 0; i < sockets; ++i) {
      auto [a, b] = nonblocking_pair();
      b.send("x");
      peers_.push_back(std::move(b));
      fds_.push_back(selector_
                         .register_(std::move(a), events,
                                    [this](Socket&, EventMask mask) {
                                      if (mask & EVENT_READ) ++reads;
                                      if (mask & EVENT_WRITE) ++writes;
                                    })
                         .fd);
    }
  }

  /// The loop of every program.
  void turn(const Timeout& timeout = {}) {
    for (const auto& [key, mask] : selector_.select(timeout)) key.data(key.fileobj, mask);
  }

  /// What every socket is waited for.
  void modify_all(EventMask events) {
    for (const int fd : fds_) selector_.modify(fd, events);
  }

  /// Takes the byte out of every socket, so that none is ready to read.
  void drain() {
    for (const int fd : fds_) selector_.get_key(fd).fileobj.recv(1);
  }

  Selector& selector() { return selector_; }

  int reads = 0;
  int writes = 0;

 private:
  std::vector<Socket> peers_;
  std::vector<int> fds_;
  Selector selector_;
};

}  // namespace

TEST_CASE("every form of operator new is counted") {
  constexpr std::align_val_t wide{64};
  CHECK(allocations_of([] { ::operator delete(::operator new(1)); }) == 1);
  CHECK(allocations_of([] { ::operator delete[](::operator new[](1)); }) == 1);
  CHECK(allocations_of([&] { ::operator delete(::operator new(1, wide), wide); }) == 1);
  CHECK(allocations_of([&] { ::operator delete[](::operator new[](1, wide), wide); }) == 1);
  CHECK(allocations_of([] { ::operator delete(::operator new(1, std::nothrow), std::nothrow); }) == 1);
  CHECK(allocations_of([] { ::operator delete[](::operator new[](1, std::nothrow), std::nothrow); }) == 1);
  CHECK(allocations_of([&] { ::operator delete(::operator new(1, wide, std::nothrow), wide); }) == 1);
  CHECK(allocations_of([&] { ::operator delete[](::operator new[](1, wide, std::nothrow), wide); }) == 1);
  // The library's own too, which is other object files, or a shared one.
  CHECK(allocations_of([] { const PollSelector<> selector; }) > 0);
}

TEMPLATE_TEST_CASE("select and a walk with callbacks allocate nothing once warm", "", FACILITIES) {
  const int sockets = GENERATE(1, 100, 300);  // 300 is more than one wait of epoll or kqueue has room for at first
  Bag<typename TestType::template Selector<Callback>> bag(sockets, EVENT_READ | EVENT_WRITE);
  const auto turns = [&](int count) {
    for (int i = 0; i < count; ++i) bag.turn();
  };
  turns(cold_turns);
  CHECK(allocations_of([&] { turns(warm_turns); }) == 0);
  CHECK(bag.reads == (cold_turns + warm_turns) * sockets);
  CHECK(bag.writes == bag.reads);
}

TEMPLATE_TEST_CASE("changing events with modify allocates nothing and neither does the next select", "", FACILITIES) {
  const int sockets = GENERATE(1, 100, 300);
  Bag<typename TestType::template Selector<Callback>> bag(sockets, EVENT_READ);
  const auto turns = [&](int count) {
    for (int i = 0; i < count; ++i)
      for (const EventMask events : {EVENT_WRITE, EVENT_READ | EVENT_WRITE, EVENT_READ}) {
        bag.modify_all(events);
        bag.turn();
      }
  };
  turns(cold_turns);
  CHECK(allocations_of([&] { turns(warm_turns); }) == 0);
  CHECK(bag.reads == 2 * (cold_turns + warm_turns) * sockets);
  CHECK(bag.writes == bag.reads);
}

TEMPLATE_TEST_CASE("a callback that modifies its own events allocates nothing", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  int calls = 0;
  std::vector<Socket> peers;
  for (int i = 0; i < 100; ++i) {
    auto [a, b] = nonblocking_pair();
    b.send("x");
    peers.push_back(std::move(b));
    selector.register_(std::move(a), EVENT_READ, [&](Socket& self, EventMask mask) {
      ++calls;
      selector.modify(self, mask == EVENT_READ ? EVENT_WRITE : EVENT_READ);
    });
  }
  const auto turns = [&](int count) {
    for (int i = 0; i < count; ++i)
      for (const auto& [key, mask] : selector.select()) key.data(key.fileobj, mask);
  };
  turns(cold_turns);
  CHECK(allocations_of([&] { turns(warm_turns); }) == 0);
  CHECK(calls == (cold_turns + warm_turns) * 100);
}

TEMPLATE_TEST_CASE("a select that finds nothing allocates nothing", "", FACILITIES) {
  Bag<typename TestType::template Selector<Callback>> bag(100, EVENT_READ);
  bag.drain();
  const auto turns = [&](int count) {
    for (int i = 0; i < count; ++i)
      for (const Timeout& timeout : {Timeout(0s), Timeout(100us), Timeout(2ms)}) bag.turn(timeout);
  };
  turns(cold_turns);
  CHECK(allocations_of([&] { turns(warm_turns); }) == 0);
  CHECK(bag.reads == 0);
}

TEMPLATE_TEST_CASE("a select that reports an always-ready file allocates nothing", "", FACILITIES) {
  Bag<typename TestType::template Selector<Callback>> bag(10, EVENT_READ);
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  REQUIRE(fd >= 0);
  int files = 0;
  bag.selector().register_(fd, EVENT_READ, [&](Socket&, EventMask) { ++files; });
  const auto turns = [&](int count) {
    for (int i = 0; i < count; ++i) bag.turn();
  };
  turns(cold_turns);
  CHECK(allocations_of([&] { turns(warm_turns); }) == 0);
  CHECK(files == cold_turns + warm_turns);
  bag.selector().unregister(fd);
  close(fd);
}
