// What is different on Windows.
#include "../durations.hpp"
#include "../sockets.hpp"

#include <winsock2.h>

#include <csignal>
#include <cstdlib>
#include <thread>
#include <vector>

TEMPLATE_TEST_CASE("select watches more sockets than an fd_set has room for", "[test_above_fd_setsize]", FACILITIES) {
  typename TestType::template Selector<> selector;
  std::vector<std::pair<Socket, Socket>> pairs;
  for (int i = 0; i < 300; ++i) {
    pairs.push_back(nonblocking_pair());
    selector.register_(pairs.back().first.fileno(), EVENT_READ);
    selector.register_(pairs.back().second.fileno(), EVENT_WRITE);
  }
  CHECK(count(selector.select(0s)) == 300);
  for (auto& [reader, writer] : pairs) writer.send("x");
  CHECK(count(selector.select(0s)) == 600);
}

TEMPLATE_TEST_CASE("a wait with nothing registered takes its whole time and no CPU time", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  CHECK(effort_of([&] { CHECK(duration_of([&] { CHECK(selector.select(200ms).empty()); }) >= 200ms); }) < 50ms);
}

TEMPLATE_TEST_CASE("a failed connect is ready to read and write and take_error gives the reason", "", FACILITIES) {
  Socket server = listener();
  const Address address = server.getsockname();
  server.close();
  typename TestType::template Selector<> selector;
  Socket client(Family::inet);
  client.setblocking(false);
  REQUIRE(client.connect_ex(address) == std::errc::operation_in_progress);
  selector.register_(client.fileno(), EVENT_READ | EVENT_WRITE);
  for (const auto& [key, mask] : selector.select(10s)) CHECK(mask == (EVENT_READ | EVENT_WRITE));
  CHECK(client.take_error() == std::errc::connection_refused);
}

TEMPLATE_TEST_CASE("a descriptor that was closed and reused is not mistaken for the old socket", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  const int number = a.fileno();
  selector.register_(number, EVENT_READ);
  a.close();
  std::vector<Socket> others;
  while (others.empty() || (others.back().fileno() != number && others.size() < 100)) others.emplace_back(Family::inet);
  REQUIRE(others.back().fileno() == number);
  CHECK(selector.select(20ms).empty());
  CHECK_THROWS_AS(selector.modify(number, EVENT_WRITE), StaleKeyError);
  CHECK_THROWS_AS(selector.register_(number, EVENT_READ), StaleKeyError);
  selector.unregister(number);
  selector.register_(number, EVENT_READ);
}

TEST_CASE("two servers cannot share a port even if both set reuse_address") {
  Socket first(Family::inet);
  first.set_reuse_address();
  first.bind(loopback);
  first.listen();
  Socket second(Family::inet);
  second.set_reuse_address();
  CHECK_THROWS_AS(second.bind(first.getsockname()), std::system_error);
}

TEST_CASE("child programs do not inherit a Socket's descriptors") {
  Socket server = listener();
  Socket client = connected(server);
  const auto accepted = server.accept();
  REQUIRE(accepted);
  for (const int fd : {server.fileno(), client.fileno(), accepted->conn.fileno()}) {
    DWORD flags = 0;
    REQUIRE(GetHandleInformation(reinterpret_cast<HANDLE>(static_cast<INT_PTR>(fd)), &flags) != 0);
    CHECK((flags & HANDLE_FLAG_INHERIT) == 0);
  }
}

TEST_CASE("keep-alive and the limit for unacknowledged data can be set within their ranges") {
  Socket server = listener();
  Socket client = connected(server);
  client.set_keep_alive(30s, 10s, 3);
  client.set_user_timeout(60s);
  CHECK_THROWS_AS(client.set_keep_alive(0s, 10s, 3), std::system_error);
  CHECK_THROWS_AS(client.set_keep_alive(30s, std::chrono::hours(1'000'000), 3), std::system_error);
  CHECK_THROWS_AS(client.set_user_timeout(-1ms), std::system_error);
  CHECK(client.unacknowledged() == 0);
}

TEMPLATE_TEST_CASE("select reports a SignalPipe as readable after a signal", "", FACILITIES) {
  SignalPipe signals{SIGINT, SIGTERM};
  typename TestType::template Selector<> selector;
  selector.register_(signals.fileno(), EVENT_READ);
  CHECK(selector.select(0s).empty());
  CHECK_FALSE(signals.read());
  std::raise(SIGTERM);
  std::raise(SIGINT);
  CHECK(count(selector.select(1s)) == 1);
  CHECK(signals.read() == SIGTERM);
  CHECK(signals.read() == SIGINT);
  CHECK(selector.select(0s).empty());
}

TEST_CASE("a process has at most one SignalPipe and it restores the handlers before it") {
  std::signal(SIGTERM, SIG_IGN);
  {
    const SignalPipe signals{SIGTERM};
    CHECK_THROWS_AS(SignalPipe({SIGINT}), ValueError);
  }
  CHECK(std::signal(SIGTERM, SIG_DFL) == SIG_IGN);
  CHECK_THROWS_AS(SignalPipe({SIGTERM, 99}), std::system_error);
  CHECK(std::signal(SIGTERM, SIG_DFL) == SIG_DFL);
}

TEST_CASE("SELECTORS_FACILITY chooses the facility of DefaultSelector") {
  for (const std::string name : {"poll", "select"}) {
    _putenv_s("SELECTORS_FACILITY", name.c_str());
    CHECK(DefaultSelector<>().name() == name);
  }
  _putenv_s("SELECTORS_FACILITY", "carrier pigeon");
  const auto text = thrown<ValueError>([] { const DefaultSelector<> selector; });
  CHECK(text.find("carrier pigeon") != text.npos);
  CHECK(text.find("select, poll") != text.npos);
  _putenv_s("SELECTORS_FACILITY", "");
  CHECK(DefaultSelector<>().name() == std::string("select"));
}
