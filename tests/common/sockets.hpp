// Sockets in a test's hand.
#pragma once

#include "facilities.hpp"

inline const Address loopback("127.0.0.1", 0);

inline Socket listener() {
  Socket socket(Family::inet);
  socket.bind(loopback);
  socket.listen();
  return socket;
}

inline Socket connected(const Socket& server) {
  Socket socket(Family::inet);
  socket.connect(server.getsockname());
  return socket;
}

/// Two sockets connect, say who they are, and talk, at this address or one that the system chooses for it.
inline void check_talk(const Address& any) {
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
