#include "facilities.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

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

TEST_CASE("a Unix-domain socket has its path for an address and a client none") {
  const std::string path = "/tmp/selectors-test-" + std::to_string(getpid()) + ".sock";
  const Address address = Address::unix_domain(path);
  Socket server(address.family());
  server.bind(address);
  server.listen();
  CHECK(server.getsockname() == address);
  const auto taken = thrown<std::system_error>([&] { Socket(Family::unix_domain).bind(address); });
  CHECK(taken.find("'" + path + "'") != taken.npos);
  Socket client(Family::unix_domain);
  client.connect(address);
  auto accepted = server.accept();
  REQUIRE(accepted);
  CHECK(to_string(accepted->addr) == "''");
  CHECK(client.getpeername() == address);
  unlink(path.c_str());
}

TEST_CASE("a socket that a Unix-domain server cannot take at once is told to try again") {
  Socket server(Family::unix_domain);
  server.bind(Address::unix_domain(""));
  server.listen(0);
  std::vector<Socket> clients;
  std::error_code error;
  while (!error && clients.size() < 10) {
    clients.emplace_back(Family::unix_domain).setblocking(false);
    error = clients.back().connect_ex(server.getsockname());
  }
  CHECK(error == std::errc::resource_unavailable_try_again);
}

TEST_CASE("Socket talks over IPv4 and IPv6 and within the machine") {
  for (const Address& any : {Address("127.0.0.1", 0), Address("::1", 0), Address::unix_domain("")}) {
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

TEST_CASE("a Socket's options are what they were set to, and only TCP has them") {
  Socket socket = listener();
  CHECK_FALSE(socket.get_no_delay());
  socket.set_no_delay();
  CHECK(socket.get_no_delay());
  socket.set_no_delay(false);
  CHECK_FALSE(socket.get_no_delay());
  const auto option = [&](int level, int name) {
    int value = 0;
    socklen_t size = sizeof value;
    getsockopt(socket.fileno(), level, name, &value, &size);
    return value;
  };
  socket.set_keep_alive(30s, 10s, 3);
  CHECK(option(SOL_SOCKET, SO_KEEPALIVE) == 1);
  CHECK(option(IPPROTO_TCP, TCP_KEEPINTVL) == 10);
  CHECK(option(IPPROTO_TCP, TCP_KEEPCNT) == 3);
  CHECK_THROWS_AS(socket.set_keep_alive(0s, 10s, 3), std::system_error);
  CHECK_THROWS_AS(socket.set_keep_alive(30s, std::chrono::hours(1'000'000), 3), std::system_error);
  CHECK_THROWS_AS(socket.set_user_timeout(-1ms), std::system_error);
#ifdef TCP_USER_TIMEOUT
  CHECK(option(IPPROTO_TCP, TCP_KEEPIDLE) == 30);
  socket.set_user_timeout(1500ms);
  CHECK(option(IPPROTO_TCP, TCP_USER_TIMEOUT) == 1500);
#endif
  auto [a, b] = socketpair();
  CHECK(thrown<std::system_error>([&, &pair = a] { pair.set_no_delay(); }).find("TCP_NODELAY") != std::string::npos);
  CHECK_THROWS_AS(a.set_keep_alive(30s, 10s, 3), std::system_error);
  CHECK_THROWS_AS(a.set_user_timeout(1s), std::system_error);
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

TEST_CASE("a connection to itself is refused") {
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

TEST_CASE("connect names the address when it refuses a connection to itself") {
  Socket socket(Family::inet);
  socket.bind(loopback);
  const Address own = socket.getsockname();
  const auto text = thrown<std::system_error>([&] { socket.connect(own); });
  CHECK(text == "connect to " + to_string(own) + ": Connection refused");
}

TEST_CASE("take_error refuses a connection that came to stand with itself meanwhile") {
  Socket socket(Family::inet);
  socket.bind(loopback);
  const Address own = socket.getsockname();
  REQUIRE(connect(socket.fileno(), static_cast<const sockaddr*>(own.data()), sizeof(sockaddr_in)) == 0);
  CHECK(socket.take_error() == std::errc::connection_refused);
  CHECK_THROWS_AS(socket.getpeername(), std::system_error);
}

TEST_CASE("neither end of a socket pair is taken for a connection to itself") {
  auto [a, b] = socketpair();
  CHECK_FALSE(a.take_error());
  CHECK(a.send("hello") == 5);
  CHECK(b.recv(10) == "hello");
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
