// Sockets, where they can be within the machine and the kernel can be asked about them.
#include "../sockets.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

TEST_CASE("a Unix-domain server has its path as its address and a client has none") {
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

TEST_CASE("a Socket sends and receives over a Unix-domain connection") { check_talk(Address::unix_domain("")); }

TEST_CASE("connect_ex asks to try again when a Unix-domain server's backlog is full") {
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

TEST_CASE("a Socket's options keep the values they were set to and only TCP sockets have them") {
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

TEST_CASE("child programs do not inherit a Socket's descriptors") {
  Socket server = listener();
  Socket client = connected(server);
  const auto accepted = server.accept();
  REQUIRE(accepted);
  for (const int fd : {server.fileno(), client.fileno(), accepted->conn.fileno()})
    CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("take_error refuses a socket that has meanwhile connected to itself") {
  Socket socket(Family::inet);
  socket.bind(loopback);
  const Address own = socket.getsockname();
  REQUIRE(connect(socket.fileno(), static_cast<const sockaddr*>(own.data()), sizeof(sockaddr_in)) == 0);
  CHECK(socket.take_error() == std::errc::connection_refused);
  CHECK_THROWS_AS(socket.getpeername(), std::system_error);
}

TEST_CASE("accept without free descriptors turns the client away and works again afterwards") {
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

TEST_CASE("a reset throws ConnectionError and getpeername fails afterwards") {
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
