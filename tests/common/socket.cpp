#include "facilities.hpp"

#include <fcntl.h>
#include <sys/resource.h>

#include <array>
#include <sstream>
#include <vector>

namespace {

const Address loopback("127.0.0.1", 0);

Socket listener() {
  Socket socket(Family::inet);
  socket.bind(loopback);
  socket.listen();
  return socket;
}

Socket connected(const Socket& server) {
  Socket socket(Family::inet);
  socket.connect(server.getsockname());
  return socket;
}

}  // namespace

TEST_CASE("Address prints as Python prints it") {
  CHECK(to_string(Address("127.0.0.1", 59850)) == "('127.0.0.1', 59850)");
  CHECK(to_string(Address("::1", 80)) == "('::1', 80, 0, 0)");
  std::ostringstream stream;
  stream << Address("localhost", 1);
  CHECK(stream.str() == "('127.0.0.1', 1)");
}

TEST_CASE("Address compares and tells its parts") {
  const Address address("127.0.0.1", 65535);
  CHECK(address == Address("localhost", 65535));
  CHECK_FALSE(address == Address("127.0.0.2", 65535));
  CHECK(address.host() == "127.0.0.1");
  CHECK(address.port() == 65535);
  CHECK(address.family() == Family::inet);
  CHECK(Address("::1", 0).family() == Family::inet6);
}

TEST_CASE("Address refuses what the kernel could not have written") {
  const std::vector<unsigned short> bytes(14, 10);  // AF_INET6 is 10
  CHECK(Address::from_sockaddr(bytes.data(), 28).family() == Family::inet6);
  CHECK_THROWS_AS(Address::from_sockaddr(bytes.data(), 16), ValueError);
  CHECK_THROWS_AS(Address::from_sockaddr(bytes.data(), 0), ValueError);
}

TEST_CASE("Address names a host that cannot be looked up") {
  for (const char* const host : {"", "no.such.host.invalid", "1.2.3.4.5", ":::"}) {
    const auto text = thrown<std::system_error>([&] { const Address address(host, 1); });
    CHECK(text.find("look up host '" + std::string(host) + "'") != text.npos);
  }
}

TEST_CASE("Socket talks over IPv4 and IPv6") {
  for (const char* const host : {"127.0.0.1", "::1"}) {
    const Address any(host, 0);
    Socket server(any.family());
    server.bind(any);
    server.listen();
    Socket client(any.family());
    client.connect(server.getsockname());
    auto accepted = server.accept();
    REQUIRE(accepted);
    CHECK(accepted->addr == client.getsockname());
    CHECK(accepted->conn.getpeername() == client.getsockname());
    CHECK(client.getpeername() == server.getsockname());
    CHECK(client.send("hello") == 5);
    CHECK(accepted->conn.recv(100) == "hello");
    client.shutdown(Shutdown::write);
    CHECK(accepted->conn.recv(100) == "");
    CHECK(accepted->conn.send("still here") == 10);
    CHECK(client.recv(5) == "still");
    CHECK(client.recv(100) == " here");
  }
}

TEST_CASE("recv_into fills the buffer that it is lent and says how far") {
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

TEST_CASE("recv takes what it is asked for and no more than 16,384 bytes at a time") {
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

TEST_CASE("a Socket's descriptors are not inherited by programs that are started") {
  Socket server = listener();
  Socket client = connected(server);
  const auto accepted = server.accept();
  REQUIRE(accepted);
  for (const int fd : {server.fileno(), client.fileno(), accepted->conn.fileno()})
    CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("would-block is an answer") {
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

TEST_CASE("connect_ex on a socket that does not block is in progress and take_error tells how it ended") {
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

TEST_CASE("a reset is a ConnectionError and leaves no peer's name") {
  Socket server = listener();
  Socket client = connected(server);
  auto accepted = server.accept();
  REQUIRE(accepted);
  client.send("unread");
  accepted->conn.close();  // with bytes unread: a reset
  CHECK(thrown<ConnectionError>([&] { client.recv(1); }).find("Connection reset by peer") != std::string::npos);
  CHECK_THROWS_AS(client.getpeername(), std::system_error);
  CHECK_THROWS_AS(client.send("x"), ConnectionError);  // and no SIGPIPE
}

TEST_CASE("an error names what was attempted on what and why") {
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

TEST_CASE("accept without descriptors turns the waiting client away and works again afterwards") {
  Socket server = listener();
  server.setblocking(false);
  std::vector<Socket> clients;
  for (int i = 0; i < 2; ++i) clients.push_back(connected(server));
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit none = before;
  none.rlim_cur = 3;  // less than are open: no call gets a new one
  setrlimit(RLIMIT_NOFILE, &none);
  const bool first = server.accept().has_value();
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK_FALSE(first);
  CHECK(server.accept());
}
