// Sockets, and what their calls answer.
#include "sockets.hpp"

#include <array>
#include <sstream>
#include <vector>

TEST_CASE("a Socket sends and receives over IPv4 and IPv6") {
  for (const char* const host : {"127.0.0.1", "::1"}) check_talk(Address(host, 0));
}

TEST_CASE("recv_into fills the caller's buffer and returns the part that it filled") {
  Socket server = listener();
  Socket client = connected(server);
  auto accepted = server.accept();
  REQUIRE(accepted);
  accepted->conn.setblocking(false);
  std::array<char, 5> buffer{};
  CHECK_FALSE(accepted->conn.recv_into(buffer));
  client.send("hello you");
  const auto first = accepted->conn.recv_into(buffer);
  REQUIRE(first);
  CHECK(first->data() == buffer.data());
  CHECK(*first == "hello");
  CHECK(accepted->conn.recv_into(buffer) == " you");
  client.shutdown(Shutdown::write);
  CHECK(accepted->conn.recv_into(buffer) == "");
  CHECK_THROWS_AS(accepted->conn.recv_into({}), ValueError);
  Socket closed;
  CHECK(thrown<std::system_error>([&] { closed.recv_into(buffer); }) == "recv on a closed socket: Bad file descriptor");
}

TEST_CASE("recv returns at most what was asked for and at most 16384 bytes at a time") {
  auto [a, b] = socketpair();
  const std::string much(40'000, 'x');
  REQUIRE(a.send(much) == much.size());
  CHECK(b.recv(1)->size() == 1);
  CHECK(b.recv(16'384)->size() == 16'384);
  CHECK(b.recv(1'000'000)->size() == 16'384);
  CHECK(b.recv(1'000'000)->size() == 40'000 - 1 - 2 * 16'384);
}

TEST_CASE("a Socket owns its descriptor") {
  Socket a(Family::inet);
  const int fd = a.fileno();
  Socket b(std::move(a));
  CHECK(a.fileno() == -1);
  CHECK(b.fileno() == fd);
  Socket c(Family::inet);
  const int other = c.fileno();
  c = std::move(b);
  CHECK_FALSE(is_open(other));
  CHECK(c.fileno() == fd);
  CHECK(c.detach() == fd);
  CHECK(is_open(fd));
  { const Socket d = Socket::from_fileno(fd); }
  CHECK_FALSE(is_open(fd));
}

TEST_CASE("a call that would block returns a value instead of throwing") {
  Socket server = listener();
  server.setblocking(false);
  CHECK_FALSE(server.getblocking());
  CHECK_FALSE(server.accept());
  Socket client = connected(server);
  CHECK(client.getblocking());
  client.setblocking(false);
  CHECK_FALSE(client.recv(1));
  const std::string much(1'000'000, 'x');
  std::size_t sent = 0;
  do sent = client.send(much);
  while (sent > 0);
  CHECK(sent == 0);
}

TEST_CASE("take_error reports how a non-blocking connect_ex ended") {
  Socket server = listener();
  const Address address = server.getsockname();
  for (const bool somebody_listens : {true, false}) {
    if (!somebody_listens) server.close();
    Socket client(Family::inet);
    client.setblocking(false);
    const auto error = client.connect_ex(address);
    DefaultSelector<> selector;
    selector.register_(client.fileno(), EVENT_WRITE);
    CHECK(count(selector.select(5s)) == 1);
    if (somebody_listens) {
      CHECK((!error || error == std::errc::operation_in_progress));
      CHECK_FALSE(client.take_error());
    } else {
      CHECK((error == std::errc::connection_refused || client.take_error() == std::errc::connection_refused));
    }
  }
}

TEST_CASE("a socket cannot connect to itself") {
  for (const char* const host : {"127.0.0.1", "::1"}) {
    for (const bool blocking : {true, false}) {
      INFO(host << (blocking ? ", blocking" : ", not blocking"));
      const Address any_port(host, 0);
      Socket socket(any_port.family());
      socket.bind(any_port);  // what the kernel does for a client, which by chance gets the port that it connects to
      const Address own = socket.getsockname();
      socket.setblocking(blocking);
      auto error = socket.connect_ex(own);
      if (error == std::errc::operation_in_progress) error = socket.take_error();
      CHECK(error == std::errc::connection_refused);
      CHECK_FALSE(socket.take_error());
      CHECK_THROWS_AS(socket.getpeername(), std::system_error);
      CHECK_THROWS_AS(socket.send("to myself"), ConnectionError);

      Socket late(any_port.family());  // no port is held, and none lingers: the server can still come
      socket.close();
      late.bind(own);
    }
  }
}

TEST_CASE("connect names the address when a socket would connect to itself") {
  Socket socket(Family::inet);
  socket.bind(loopback);
  const Address own = socket.getsockname();
  const auto text = thrown<std::system_error>([&] { socket.connect(own); });
  CHECK(text == "connect to " + to_string(own) + ": Connection refused");
}

TEST_CASE("a socket pair is not mistaken for a connection to itself") {
  auto [a, b] = socketpair();
  CHECK_FALSE(a.take_error());
  CHECK(a.send("hello") == 5);
  CHECK(b.recv(10) == "hello");
}

TEST_CASE("an error names the call and its target and the reason") {
  Socket server = listener();
  const Address taken = server.getsockname();
  Socket other(Family::inet);
  CHECK(thrown<std::system_error>([&] { other.bind(taken); }) ==
        "bind to " + to_string(taken) + ": Address already in use");
  server.close();
  CHECK(thrown<std::system_error>([&] { other.connect(taken); }) ==
        "connect to " + to_string(taken) + ": Connection refused");
  Socket closed;
  CHECK(thrown<std::system_error>([&] { closed.recv(1); }) == "recv on a closed socket: Bad file descriptor");
  CHECK(thrown<std::system_error>([&] { closed.setblocking(true); }).ends_with("Bad file descriptor"));
  CHECK_THROWS_AS(other.recv(0), ValueError);
}
