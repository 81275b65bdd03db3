// What a callback may do while a batch is walked: anything, to any key.
#include "facilities.hpp"

#include <functional>
#include <stdexcept>
#include <vector>

namespace {

using Callback = std::function<void(Socket&)>;

/// Sockets that are all ready to write, registered with one callback that is told which it is called for.
template <class Selector>
std::vector<Socket> fill(Selector& selector, int pairs, const std::function<void(Socket&)>& callback) {
  std::vector<Socket> peers;
  for (int i = 0; i < pairs; ++i) {
    auto [a, b] = nonblocking_pair();
    peers.push_back(std::move(b));
    selector.register_(std::move(a), EVENT_WRITE, callback);
  }
  return peers;
}

template <class Selector>
int walk(Selector& selector) {
  int calls = 0;
  for (const auto& [key, mask] : selector.select(0s)) {
    ++calls;
    key.data(key.fileobj);
  }
  return calls;
}

}  // namespace

TEMPLATE_TEST_CASE("a callback may unregister itself and still use its captures", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  std::string told;
  const auto peers = fill(selector, 5, [&, text = std::string(100, 'x')](Socket& self) {
    selector.unregister(self);
    CHECK(self.fileno() == -1);  // it was moved out, and closed with what unregister returned
    told += text;
  });
  CHECK(walk(selector) == 5);
  CHECK(told.size() == 500);
  CHECK(selector.get_map().empty());
}

TEMPLATE_TEST_CASE("a callback may replace itself and still use its captures", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  std::string told;
  const auto peers = fill(selector, 5, [&, text = std::string(100, 'x')](Socket& self) {
    selector.modify(self, EVENT_WRITE, [&told](Socket&) { told += "new"; });
    told += text;
  });
  CHECK(walk(selector) == 5);
  CHECK(told.size() == 500);
  CHECK(walk(selector) == 5);
  CHECK(told.size() == 515);
}

TEMPLATE_TEST_CASE("a callback that captures a single pointer may replace itself too", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;  // so small that it lives inside the std::function
  struct {
    int calls = 0;
    decltype(selector)* bag = nullptr;
  } state;
  state.bag = &selector;
  const auto peers = fill(selector, 3, [&state](Socket& self) {
    state.bag->modify(self, EVENT_WRITE, Callback([](Socket&) {}));
    state.bag->unregister(self);
    ++state.calls;
  });
  CHECK(walk(selector) == 3);
  CHECK(state.calls == 3);
}

TEMPLATE_TEST_CASE("a callback that another one has unregistered is not called", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  std::vector<int> fds;
  const auto peers = fill(selector, 10, [&](Socket& self) {
    for (const int fd : fds)
      if (fd != self.fileno()) selector.unregister(fd);
    fds.clear();
  });
  for (const auto& key : selector.get_map()) fds.push_back(key.fd);
  CHECK(walk(selector) == 1);
  CHECK(selector.get_map().size() == 1);
}

TEMPLATE_TEST_CASE("a callback is not called for an event that another one has stopped watching", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  const auto peers = fill(selector, 10, [&](Socket& self) {
    for (const auto& key : selector.get_map())
      if (key.fd != self.fileno()) selector.modify(key, EVENT_READ);
  });
  CHECK(walk(selector) == 1);
}

TEMPLATE_TEST_CASE("a socket that reuses a descriptor freed in the same batch gets no stale event", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  std::vector<Socket> newcomers;
  std::vector<int> fds;
  int stale = 0;
  bool first = true;
  const auto peers = fill(selector, 10, [&](Socket& self) {
    if (!std::exchange(first, false)) return;
    for (const int fd : fds)
      if (fd != self.fileno()) selector.unregister(fd);
    for (int i = 0; i < 5; ++i) {  // the lowest free numbers: those just closed
      auto [a, b] = nonblocking_pair();
      selector.register_(std::move(a), EVENT_READ | EVENT_WRITE, [&](Socket&) { ++stale; });
      newcomers.push_back(std::move(b));
    }
  });
  for (const auto& key : selector.get_map()) fds.push_back(key.fd);
  CHECK(walk(selector) == 1);
  CHECK(stale == 0);
  CHECK(walk(selector) == 6);  // and none of their own is lost
  CHECK(stale == 5);
}

TEMPLATE_TEST_CASE("a socket that is closed inside the selector is skipped", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  const auto peers = fill(selector, 4, [&](Socket& self) {
    for (const auto& key : selector.get_map())
      if (&key.fileobj != &self) key.fileobj.close();
  });
  CHECK(walk(selector) == 1);
  CHECK(selector.get_map().size() == 4);
}

TEMPLATE_TEST_CASE("a callback may close the selector", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  std::string told;
  const auto peers = fill(selector, 4, [&, text = std::string(100, 'x')](Socket&) {
    selector.close();
    told += text;
  });
  CHECK(walk(selector) == 1);
  CHECK(told.size() == 100);
}

TEMPLATE_TEST_CASE("a callback may call select itself which ends the outer walk", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  int inner = 0;
  bool outermost = true;
  const auto peers = fill(selector, 4, [&](Socket&) {
    if (std::exchange(outermost, false)) inner = walk(selector);
  });
  CHECK(walk(selector) == 1);
  CHECK(inner == 4);
}

TEMPLATE_TEST_CASE("a callback that throws loses no event of another socket", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  int calls = 0;
  const auto peers = fill(selector, 4, [&](Socket&) {
    if (++calls == 2) throw std::runtime_error("thrown by a callback");
  });
  CHECK_THROWS_AS(walk(selector), std::runtime_error);
  CHECK(walk(selector) == 4);
}

TEMPLATE_TEST_CASE("a key stays valid during the walk after it was unregistered", "", FACILITIES) {
  typename TestType::template Selector<std::string> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_WRITE, "beside it");
  const auto batch = selector.select();
  const auto here = batch.begin();
  selector.unregister(a);
  CHECK((*here).key.data == "beside it");
}

TEMPLATE_TEST_CASE("a walk may be left early", "", FACILITIES) {
  typename TestType::template Selector<Callback> selector;
  const auto peers = fill(selector, 4, [](Socket&) {});
  for (const auto& [key, mask] : selector.select()) {
    selector.unregister(key);
    break;
  }
  CHECK(walk(selector) == 3);
}
