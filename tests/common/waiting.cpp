// What is ready.
#include "durations.hpp"
#include "facilities.hpp"

#include <algorithm>
#include <random>
#include <vector>

TEMPLATE_TEST_CASE("select reports exactly what is ready", "[test_select]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ);
  selector.register_(b.fileno(), EVENT_WRITE);
  int seen = 0;
  for (const auto& [key, mask] : selector.select(0s)) {
    CHECK(key.fd == b.fileno());
    CHECK(mask == EVENT_WRITE);
    ++seen;
  }
  CHECK(seen == 1);
}

TEMPLATE_TEST_CASE("select reports both directions of a socket in one entry", "[test_select_read_write]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  b.send("x");
  selector.register_(a.fileno(), EVENT_READ | EVENT_WRITE);
  int seen = 0;
  for (const auto& [key, mask] : selector.select()) {
    CHECK(mask == (EVENT_READ | EVENT_WRITE));
    ++seen;
  }
  CHECK(seen == 1);
}

TEMPLATE_TEST_CASE("select reports a closed peer only as the events that were asked for", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  for (const EventMask wanted : {EVENT_READ, EVENT_WRITE, EVENT_READ | EVENT_WRITE}) {
    auto [a, b] = nonblocking_pair();
    b.close();
    selector.register_(a.fileno(), wanted);
    for (const auto& [key, mask] : selector.select()) CHECK(mask == wanted);
    selector.unregister(a);
  }
}

TEMPLATE_TEST_CASE("select reports many ready sockets all at once", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  std::vector<std::pair<Socket, Socket>> pairs;
  for (int i = 0; i < 400; ++i) {
    pairs.push_back(nonblocking_pair());
    selector.register_(pairs.back().first.fileno(), EVENT_WRITE);
  }
  CHECK(count(selector.select(0s)) == 400);
}

TEMPLATE_TEST_CASE("select serves many writers and readers until none is left", "[test_selector]", FACILITIES) {
  typename TestType::template Selector<> selector;
  std::vector<std::pair<Socket, Socket>> pairs;
  for (int i = 0; i < 12; ++i) pairs.push_back(nonblocking_pair());
  for (const auto& [reader, writer] : pairs) {
    selector.register_(reader.fileno(), EVENT_READ);
    selector.register_(writer.fileno(), EVENT_WRITE);
  }
  std::mt19937 random(1);
  std::shuffle(pairs.begin(), pairs.end(), random);
  for (auto& [reader, writer] : pairs) {
    int writable = 0;
    for (const auto& [key, mask] : selector.select()) writable += (mask & EVENT_WRITE) ? 1 : 0;
    CHECK(writable == static_cast<int>(selector.get_map().size()) / 2);
    writer.send("message");
    for (const auto& [key, mask] : selector.select()) {
      if (!(mask & EVENT_READ)) continue;
      CHECK(key.fd == reader.fileno());
      CHECK(reader.recv(100) == "message");
    }
    selector.unregister(reader);
    selector.unregister(writer);
  }
  CHECK(selector.get_map().empty());
}

TEMPLATE_TEST_CASE("select skips a closed descriptor and reports the others", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  auto [c, d] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ);
  selector.register_(c.fileno(), EVENT_WRITE);
  const int closed = a.fileno();
  a.close();
  for (int i = 0; i < 3; ++i)
    for (const auto& [key, mask] : selector.select()) CHECK(key.fd == c.fileno());
  selector.unregister(c);
  CHECK(effort_of([&] { CHECK(duration_of([&] { CHECK(selector.select(200ms).empty()); }) >= 200ms); }) < 50ms);
  CHECK(selector.get_map().contains(closed));
  selector.unregister(closed);
}

TEMPLATE_TEST_CASE("a closed descriptor does not hide a ready socket from the first select", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  auto [c, d] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ);
  selector.register_(c.fileno(), EVENT_WRITE);
  a.close();
  CHECK(count(selector.select(0s)) == 1);
}

TEMPLATE_TEST_CASE("select sleeps after a socket with unread bytes was moved out of its key", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  const auto key = selector.register_(std::move(a), EVENT_READ);
  b.send("x");
  const Socket taken = std::move(key.fileobj);
  CHECK(effort_of([&] { CHECK(duration_of([&] { CHECK(selector.select(200ms).empty()); }) >= 200ms); }) < 50ms);
  CHECK_THROWS_AS(selector.modify(key.fd, EVENT_WRITE), KeyError);
  CHECK(selector.unregister(key.fd).fd == taken.fileno());
}
