// What is ready, where there are pipes, files and signals.
#include "../durations.hpp"
#include "../facilities.hpp"

#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <vector>

TEMPLATE_TEST_CASE("select reports a pipe as readable when its writer has gone", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  int ends[2] = {-1, -1};  // NOLINT(modernize-avoid-c-arrays): pipe(2) wants one
  REQUIRE(pipe(ends) == 0);
  close(ends[1]);
  selector.register_(ends[0], EVENT_READ);
  for (const auto& [key, mask] : selector.select(1s)) CHECK(mask == EVENT_READ);
  CHECK(count(selector.select(0s)) == 1);
  close(ends[0]);
}

TEMPLATE_TEST_CASE("a half-closed connection that waits to write does not spin and ends when its peer closes", "",
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

TEMPLATE_TEST_CASE("select watches as many descriptors as a process may have", "[test_above_fd_setsize]", FACILITIES) {
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

TEMPLATE_TEST_CASE("select does not confuse a new socket with a closed one that a duplicate keeps alive", "",
                   FACILITIES) {
  typename TestType::template Selector<> selector;
  if (is_libkqueue(selector.name())) return;
  auto [a, b] = nonblocking_pair();
  const auto key = selector.register_(std::move(a), EVENT_READ);
  const int number = key.fd;
  b.send("x");
  const int duplicate = dup(number);
  auto [c, d] = nonblocking_pair();  // before the number is free: it might be d's
  key.fileobj.close();
  selector.unregister(number);
  REQUIRE(dup2(c.fileno(), number) == number);
  selector.register_(number, EVENT_READ);
  CHECK(effort_of([&] { CHECK(selector.select(200ms).empty()); }) < 50ms);
  d.send("y");
  CHECK(count(selector.select(1s)) == 1);
  close(duplicate);
  close(number);
}

TEMPLATE_TEST_CASE("select stops reporting a regular file that was closed", "", FACILITIES) {
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

TEMPLATE_TEST_CASE("select reports a SignalPipe as readable after a signal", "", FACILITIES) {
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

TEST_CASE("a process has at most one SignalPipe and it restores the handlers before it") {
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
