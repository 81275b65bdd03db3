// What is ready.
#include "durations.hpp"
#include "facilities.hpp"

#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <limits>
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

TEMPLATE_TEST_CASE("select reports a closed peer as what was asked for only", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  for (const EventMask wanted : {EVENT_READ, EVENT_WRITE, EVENT_READ | EVENT_WRITE}) {
    auto [a, b] = nonblocking_pair();
    b.close();
    selector.register_(a.fileno(), wanted);
    for (const auto& [key, mask] : selector.select()) CHECK(mask == wanted);
    selector.unregister(a);
  }
}

TEMPLATE_TEST_CASE("select reports a pipe whose writer has gone as readable", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  int ends[2] = {-1, -1};  // NOLINT(modernize-avoid-c-arrays): pipe(2) wants one
  REQUIRE(pipe(ends) == 0);
  close(ends[1]);
  selector.register_(ends[0], EVENT_READ);
  for (const auto& [key, mask] : selector.select(1s)) CHECK(mask == EVENT_READ);
  CHECK(count(selector.select(0s)) == 1);
  close(ends[0]);
}

TEMPLATE_TEST_CASE("a half-open connection that only waits for room does not spin and ends when its peer closes", "",
                   FACILITIES) {
  typename TestType::template Selector<> selector;
  Socket server(Family::unix_domain);
  server.bind(Address::unix_domain(""));
  server.listen();
  Socket client(Family::unix_domain);
  client.connect(server.getsockname());
  Socket conn = server.accept().value().conn;
  conn.setblocking(false);
  while (conn.send(std::string(65'536, 'x')) > 0) {
  }
  client.shutdown(Shutdown::write);  // it has said all it will, and does not read
  CHECK(conn.recv(1) == "");
  selector.register_(std::move(conn), EVENT_WRITE);
  const auto before = selector.counters().waits;
  CHECK(selector.select(50ms).empty());
  CHECK(selector.counters().waits - before <= 2);
  client.close();
  bool ended = false;
  for (const auto& [key, mask] : selector.select(5s)) {
    CHECK(mask == EVENT_WRITE);
    CHECK_THROWS_AS(key.fileobj.send("y"), ConnectionError);
    selector.unregister(key);
    ended = true;
  }
  CHECK(ended);
  CHECK(selector.select(10ms).empty());
}

TEMPLATE_TEST_CASE("select reports every one of many ready sockets at once", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  std::vector<std::pair<Socket, Socket>> pairs;
  for (int i = 0; i < 400; ++i) {
    pairs.push_back(nonblocking_pair());
    selector.register_(pairs.back().first.fileno(), EVENT_WRITE);
  }
  CHECK(count(selector.select(0s)) == 400);
}

TEMPLATE_TEST_CASE("select reports half of as many descriptors as a process may have", "[test_above_fd_setsize]",
                   FACILITIES) {
  rlimit former{};
  getrlimit(RLIMIT_NOFILE, &former);
  const rlimit highest{former.rlim_max, former.rlim_max};
  setrlimit(RLIMIT_NOFILE, &highest);
  {
    typename TestType::template Selector<> selector;
    rlim_t most = selector.name() == "select" ? FD_SETSIZE : std::min<rlim_t>(former.rlim_max, 65'536);
    if (is_libkqueue(selector.name())) most = FD_SETSIZE;
    std::vector<std::pair<Socket, Socket>> pairs;
    for (auto left = (most - 50) / 2; left > 0; --left) {
      pairs.push_back(nonblocking_pair());
      selector.register_(pairs.back().first.fileno(), EVENT_READ);
      selector.register_(pairs.back().second.fileno(), EVENT_WRITE);
    }
    CHECK(count(selector.select(0s)) == static_cast<int>(pairs.size()));
  }
  setrlimit(RLIMIT_NOFILE, &former);
}

TEMPLATE_TEST_CASE("select walks many writers and readers until all have been served", "[test_selector]", FACILITIES) {
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

TEMPLATE_TEST_CASE("select passes over a descriptor that was closed and serves the others", "", FACILITIES) {
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

TEMPLATE_TEST_CASE("select finds what is ready beside a descriptor that was closed at the first look", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  auto [c, d] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ);
  selector.register_(c.fileno(), EVENT_WRITE);
  a.close();
  CHECK(count(selector.select(0s)) == 1);
}

TEMPLATE_TEST_CASE("select sleeps although a socket was moved out of its key with bytes to read", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  const auto key = selector.register_(std::move(a), EVENT_READ);
  b.send("x");
  const Socket taken = std::move(key.fileobj);
  CHECK(effort_of([&] { CHECK(duration_of([&] { CHECK(selector.select(200ms).empty()); }) >= 200ms); }) < 50ms);
  CHECK_THROWS_AS(selector.modify(key.fd, EVENT_WRITE), KeyError);
  CHECK(selector.unregister(key.fd).fd == taken.fileno());
}

TEMPLATE_TEST_CASE("select tells a new socket from a closed one that a duplicate keeps alive", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  if (is_libkqueue(selector.name())) return;
  auto [a, b] = nonblocking_pair();
  const auto key = selector.register_(std::move(a), EVENT_READ);
  const int number = key.fd;
  b.send("x");
  const int duplicate = dup(number);
  key.fileobj.close();
  selector.unregister(number);
  auto [c, d] = nonblocking_pair();
  REQUIRE((c.fileno() == number || dup2(c.fileno(), number) == number));
  selector.register_(number, EVENT_READ);
  CHECK(effort_of([&] { CHECK(selector.select(200ms).empty()); }) < 50ms);
  d.send("y");
  CHECK(count(selector.select(1s)) == 1);
  close(duplicate);
  if (c.fileno() != number) close(number);
}

TEMPLATE_TEST_CASE("select drops a regular file that was closed", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  std::FILE* const file = std::tmpfile();
  REQUIRE(file != nullptr);
  const int number = fileno(file);
  selector.register_(number, EVENT_READ);
  CHECK(count(selector.select()) == 1);
  std::fclose(file);
  CHECK(selector.select(20ms).empty());
  selector.unregister(number);
}

TEMPLATE_TEST_CASE("select sees what a signal made readable", "", FACILITIES) {
  SignalPipe signals{SIGUSR1, SIGUSR2};
  typename TestType::template Selector<> selector;
  selector.register_(signals.fileno(), EVENT_READ);
  CHECK(selector.select(0s).empty());
  CHECK_FALSE(signals.read());
  std::raise(SIGUSR2);
  std::raise(SIGUSR1);
  CHECK(count(selector.select()) == 1);
  CHECK(signals.read() == SIGUSR2);
  CHECK(signals.read() == SIGUSR1);
  CHECK(selector.select(0s).empty());
}

TEST_CASE("SignalPipe is one in a process and restores the handlers before it") {
  std::signal(SIGUSR1, SIG_IGN);
  {
    const SignalPipe signals{SIGUSR1};
    CHECK_THROWS_AS(SignalPipe({SIGUSR2}), ValueError);
  }
  CHECK(std::signal(SIGUSR1, SIG_IGN) == SIG_IGN);
  { const SignalPipe twice{SIGUSR1, SIGUSR1}; }
  CHECK(std::signal(SIGUSR1, SIG_DFL) == SIG_IGN);
  CHECK_THROWS_AS(SignalPipe({SIGUSR1, SIGKILL}), std::system_error);
  CHECK(std::signal(SIGUSR1, SIG_DFL) == SIG_DFL);
}
