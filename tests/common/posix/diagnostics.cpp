// What a selector tells about itself.
#include "../facilities.hpp"
#include "../pipe.hpp"
#include "../storm.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <vector>

namespace {

/// So many turns over what is ready, each used by `serve`.
template <class Selector, class Serve>
void turn(Selector& selector, unsigned turns, const Serve& serve) {
  for (unsigned i = 0; i < turns; ++i)
    for (const auto& [key, mask] : selector.select(1s)) serve(key);
}

constexpr auto ignore = [](const auto&) {};

/// What a selector notices.
class Notices {
 public:
  template <class Selector>
  explicit Notices(Selector& selector) {
    selector.on_busy_loop([this](const BusyLoop& busy) { noticed.push_back(busy); });
  }
  std::vector<BusyLoop> noticed;
};

}  // namespace

TEMPLATE_TEST_CASE("counters report how often an idle selector waited", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(std::move(a), EVENT_READ);
  CHECK(selector.counters().waits == 0);
  CHECK(selector.select(20ms).empty());
  CHECK(selector.counters().waits == 1);
  CHECK(selector.counters().events == 0);
  CHECK(selector.counters().retries == 0);
  selector.close();
  CHECK(selector.counters().waits == 1);
}

TEMPLATE_TEST_CASE("counters report all events and how many of them were stale", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_WRITE);
  selector.register_(b.fileno(), EVENT_WRITE);
  for (const auto& [key, mask] : selector.select()) selector.unregister(key.fd == a.fileno() ? b : a);
  CHECK(selector.counters().events == 2);
  CHECK(selector.counters().stale == 1);
}

TEMPLATE_TEST_CASE("counters report how often a wait was resumed after a signal", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Storm storm(5ms);
  CHECK(selector.select(100ms).empty());
  CHECK(selector.counters().retries >= 5);
  CHECK(selector.counters().waits == selector.counters().retries + 1);
}

TEMPLATE_TEST_CASE("a socket that is always watched for writing is reported as a busy loop once", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Notices notices(selector);
  auto [a, b] = nonblocking_pair();
  const int fd = selector.register_(std::move(a), EVENT_READ | EVENT_WRITE).fd;
  turn(selector, detail::BusyLoopDetector::limit - 1, ignore);
  CHECK(notices.noticed.empty());
  turn(selector, 3 * detail::BusyLoopDetector::limit, ignore);
  REQUIRE(notices.noticed.size() == 1);
  CHECK(notices.noticed[0].fd == fd);
  CHECK(notices.noticed[0].mask == EVENT_WRITE);
  CHECK(notices.noticed[0].message == "busy loop: fd " + std::to_string(fd) +
                                          " was ready to write in 1000 selects in a row, and nobody used it; "
                                          "register it for EVENT_WRITE only while there is something to write");
}

TEMPLATE_TEST_CASE("an unread end of input is reported as a busy loop even if another socket is served", "",
                   FACILITIES) {
  typename TestType::template Selector<> selector;
  const Notices notices(selector);
  auto [a, b] = nonblocking_pair();
  auto [c, d] = nonblocking_pair();
  const int ignored = selector.register_(std::move(a), EVENT_READ).fd;
  const int served = selector.register_(std::move(c), EVENT_READ).fd;
  b.close();
  for (unsigned i = 0; i < 2 * detail::BusyLoopDetector::limit; ++i) {
    d.send("x");
    turn(selector, 1, [&](const auto& key) {
      if (key.fd == served) CHECK(key.fileobj.recv(1) == "x");
    });
  }
  REQUIRE(notices.noticed.size() == 1);
  CHECK(notices.noticed[0].fd == ignored);
  CHECK(notices.noticed[0].message.find("read what is there, or unregister it") != std::string::npos);
}

TEMPLATE_TEST_CASE("a listening socket from which nobody accepts is reported as a busy loop", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Notices notices(selector);
  Socket listener(Family::inet);
  listener.bind(Address("127.0.0.1", 0));
  listener.listen();
  Socket client(Family::inet);
  client.connect(listener.getsockname());
  selector.register_(std::move(listener), EVENT_READ);
  turn(selector, detail::BusyLoopDetector::limit, ignore);
  CHECK(notices.noticed.size() == 1);
}

TEMPLATE_TEST_CASE("a pipe is reported as a busy loop only if nobody reads from it", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Notices notices(selector);
  const Pipe pipe;
  const std::string bytes(std::size_t{4} * detail::BusyLoopDetector::limit, 'x');
  REQUIRE(write(pipe.writer(), bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  selector.register_(pipe.reader(), EVENT_READ);
  turn(selector, 2 * detail::BusyLoopDetector::limit, [](const auto& key) {
    char byte = 0;
    CHECK(read(key.fd, &byte, 1) == 1);
  });
  CHECK(notices.noticed.empty());
  turn(selector, 2 * detail::BusyLoopDetector::limit, ignore);
  CHECK(notices.noticed.size() == 1);
}

TEMPLATE_TEST_CASE("a socket that is written to each time is not reported as a busy loop", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Notices notices(selector);
  auto [a, b] = nonblocking_pair();
  selector.register_(std::move(a), EVENT_WRITE);
  turn(selector, 3 * detail::BusyLoopDetector::limit, [&peer = b](const auto& key) {
    CHECK(key.fileobj.send("x") == 1);
    CHECK(peer.recv(1) == "x");
  });
  CHECK(notices.noticed.empty());
}

TEMPLATE_TEST_CASE("a waker that is cleared each time is not reported as a busy loop", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Notices notices(selector);
  Waker waker;
  selector.register_(waker.fileno(), EVENT_READ);
  for (unsigned i = 0; i < 3 * detail::BusyLoopDetector::limit; ++i) {
    waker.wake();
    turn(selector, 1, [&](const auto&) { waker.clear(); });
  }
  CHECK(notices.noticed.empty());
}

TEMPLATE_TEST_CASE("a file that is written to each time is not reported as a busy loop", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Notices notices(selector);
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  selector.register_(fileno(file), EVENT_WRITE);
  turn(selector, 3 * detail::BusyLoopDetector::limit, [](const auto& key) { CHECK(write(key.fd, "x", 1) == 1); });
  CHECK(notices.noticed.empty());
  std::fclose(file);
}

TEMPLATE_TEST_CASE("an end of input that is read again and again is reported as a busy loop", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Notices notices(selector);
  auto [a, b] = nonblocking_pair();
  selector.register_(std::move(a), EVENT_READ);
  b.close();
  turn(selector, 2 * detail::BusyLoopDetector::limit, [](const auto& key) { CHECK(key.fileobj.recv(10) == ""); });
  CHECK(notices.noticed.size() == 1);
}

TEMPLATE_TEST_CASE("a busy-loop handler may throw out of select", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  selector.on_busy_loop([](const BusyLoop& busy) { throw std::runtime_error(busy.message); });
  auto [a, b] = nonblocking_pair();
  selector.register_(std::move(a), EVENT_WRITE);
  CHECK_THROWS_AS(turn(selector, detail::BusyLoopDetector::limit, ignore), std::runtime_error);
  CHECK(count(selector.select(1s)) == 1);
}

TEST_CASE("debug builds print busy loops by default and release builds do not look for them") {
  const Pipe err;
  const int former = dup(STDERR_FILENO);
  dup2(err.writer(), STDERR_FILENO);
  DefaultSelector<> selector;
  auto [a, b] = nonblocking_pair();
  const int watched = selector.register_(std::move(a), EVENT_WRITE).fd;
  turn(selector, detail::BusyLoopDetector::limit, ignore);
  DefaultSelector<> silent;
  silent.on_busy_loop({});
  const int unwatched = silent.register_(std::move(b), EVENT_WRITE).fd;
  turn(silent, detail::BusyLoopDetector::limit, ignore);
  dup2(former, STDERR_FILENO);
  close(former);
  REQUIRE(write(err.writer(), "\n", 1) == 1);
  std::array<char, 1000> text{};
  const auto size = static_cast<std::size_t>(read(err.reader(), text.data(), text.size()));
  const std::string printed(text.data(), size);
  const std::string name = "busy loop: fd " + std::to_string(watched) + " ";
  CHECK((printed.find("selectors: " + name) != std::string::npos) == detail::looks_for_busy_loops());
  CHECK(printed.find("fd " + std::to_string(unwatched) + " ") == std::string::npos);
}
