// The echo server that the gallery's programs start from. It is correct; each of them overrides a step with a mistake.
#pragma once

#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace pitfalls {

using namespace selectors;
using lesson::print;
using lesson::repr;

struct Connection {
  Address addr;
  std::string outb = {};  // not yet taken by the kernel
  bool ended = false;
};

class EchoServer {
 public:
  EchoServer() = default;
  EchoServer(const EchoServer&) = delete;
  EchoServer& operator=(const EchoServer&) = delete;
  virtual ~EchoServer() = default;

  void run(const lesson::Arguments& arguments) {
    Socket listener = listen(arguments);
    print("listening on ", arguments.host, " port ", listener.getsockname().port());
    selector.register_(std::move(listener), EVENT_READ);
    while (running) turn();
  }

 protected:
  using Selector = DefaultSelector<std::optional<Connection>>;

  virtual Socket listen(const lesson::Arguments& arguments) {
    const Address address(arguments.host, arguments.port);
    Socket listener(address.family());
    listener.set_reuse_address();
    listener.setblocking(false);
    listener.bind(address);
    listener.listen();
    return listener;
  }

  virtual void turn() {
    for (const auto& [key, mask] : selector.select()) dispatch(key, mask);
  }

  void dispatch(const Selector::Key& key, EventMask mask) {
    if (key.data)
      guarded(key, mask);
    else
      accept(key.fileobj);
  }

  virtual void guarded(const Selector::Key& key, EventMask mask) {
    try {
      service(key, mask);
    } catch (const ConnectionError&) {
      close(key);
    }
  }

  virtual void accept(Socket& listener) {
    if (auto accepted = listener.accept()) welcome(std::move(accepted->conn), accepted->addr);
  }

  virtual void welcome(Socket conn, const Address& addr) {
    print("accepted connection from ", addr);
    prepare(conn);
    selector.register_(std::move(conn), EVENT_READ, Connection{.addr = addr});
  }

  virtual void prepare(Socket& conn) {
    conn.setblocking(false);
    conn.set_no_delay();
    conn.set_keep_alive(std::chrono::seconds(30), std::chrono::seconds(10), 3);
    conn.set_user_timeout(std::chrono::seconds(60));
  }

  /// The same for the descriptor that accept(2) returned.
  void welcome(int fd) {
    auto conn = Socket::from_fileno(fd);
    const auto addr = conn.getpeername();
    welcome(std::move(conn), addr);
  }

  virtual void service(const Selector::Key& key, EventMask mask) {
    Connection& data = *key.data;
    if (mask & EVENT_READ) {
      if (const auto received = key.fileobj.recv(1024)) {
        data.ended = received->empty();
        answer(data, *received);
      }
    }
    flush(key);
  }

  static void answer(Connection& data, const std::string& received) {
    if (!received.empty()) print("echoing ", repr(received), " to ", data.addr);
    data.outb += received;
  }

  virtual void flush(const Selector::Key& key) {
    Connection& data = *key.data;
    if (!data.outb.empty()) data.outb.erase(0, key.fileobj.send(data.outb));
    EventMask wanted;
    if (!data.ended && data.outb.size() < 65'536) wanted |= EVENT_READ;
    if (!data.outb.empty()) wanted |= EVENT_WRITE;
    if (wanted)
      selector.modify(key, wanted);
    else
      close(key);
  }

  void close(const Selector::Key& key) {
    print("closing connection to ", key.data->addr);
    selector.unregister(key);
  }

  Selector selector;
  bool running = true;
};

/// The main function of a gallery program.
template <class Server>
int run(int argc, char** argv, const char* about) {
  return lesson::run(argc, argv, {.about = about, .defaults = {.host = "127.0.0.1", .port = 65432}, .quiet = true},
                     [](const lesson::Arguments& arguments) { Server().run(arguments); });
}

}  // namespace pitfalls
