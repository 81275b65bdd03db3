#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <array>
#include <csignal>
#include <functional>
#include <map>
#include <string>
#include <thread>

using namespace selectors;
using namespace std::chrono_literals;
using lesson::print;

namespace {

struct Client {
  Address addr;
  lesson::Decoder text = {};                       // a character may come in two pieces
  std::string outbox = {};                         // what the others said, still to be sent to this one
  bool leaving = false;                            // it has finished sending; its outbox is still sent
  static constexpr std::size_t limit = 1'048'576;  // a client that lets more than this pile up is dropped
};

struct ChatServer {
  void run(const lesson::Arguments& arguments) {
    const Address address(arguments.host, arguments.port);
    Socket sock(address.family());
    sock.set_reuse_address();
    sock.bind(address);
    sock.listen();
    sock.setblocking(false);
    print("Chat server started on port ", sock.getsockname().port());
    selector.register_(std::move(sock), EVENT_READ, [this](Socket& lsock, EventMask) { accept(lsock); });
    selector.register_(stop.fileno(), EVENT_READ, [this](Socket&, EventMask) { running = false; });
    while (running) {
      const bool due = std::exchange(said, false);  // look once more at who speaks, then send once to each
      const auto events = selector.select(due ? Timeout(0s) : Timeout());
      const lesson::Turn turn;  // the lines of a turn are written together, before the next wait
      for (const auto& [key, mask] : events) {
        try {
          key.data(key.fileobj, mask);
        } catch (const ConnectionError&) {
          close(key.fd);  // a reset ends only this connection
        }
      }
      if (due || !running)
        for (auto next = clients.begin(); next != clients.end();) flush(next++->first);
      std::this_thread::yield();  // a client on the same processor may finish its message
    }
  }

  void accept(Socket& sock) {
    auto accepted = sock.accept();
    if (!accepted) return;
    auto& [conn, addr] = *accepted;
    print("Accepted connection from ", addr);
    conn.setblocking(false);
    try {
      conn.set_no_delay();               // send at once, even if earlier data is not acknowledged yet
      conn.set_keep_alive(30s, 10s, 3);  // after 30 s of silence, ask 3 times, 10 s apart, whether it is still there
      conn.set_user_timeout(60s);        // drop it if sent data is not acknowledged within a minute
      const auto key = selector.register_(std::move(conn), EVENT_READ, [this](Socket& c, EventMask m) { read(c, m); });
      clients.emplace(key.fd, Client{.addr = addr});
    } catch (const std::exception& error) {
      tell_turned_away(error.what());  // no room for it (select(2) holds 1,024): close this client, keep the others
    }
  }

  void read(Socket& conn, EventMask mask) {
    const int fd = conn.fileno();
    if (mask & EVENT_WRITE) flush(fd);
    if (!(mask & EVENT_READ) || !clients.contains(fd)) return;  // flush may have closed it
    static std::array<char, 65536> buffer;                      // lent to each client in turn
    const auto data = conn.recv_into(buffer);
    if (!data) return;
    Client& client = clients.at(fd);
    client.leaving = data->empty();
    if (client.leaving) return flush(fd);
    print("Received data from ", client.addr, ": ", client.text.decode(*data));
    broadcast(*data, fd);
  }
  //! [broadcast]
  // To everyone but the sender. No client waits for another: what one does not take now stays in its outbox.
  void broadcast(std::string_view message, int sender) {
    for (auto next = clients.begin(); next != clients.end();) {
      auto& [fd, client] = *next++;  // advance first: the client may be closed
      if (fd == sender || client.leaving) continue;
      client.outbox += message;
      if (client.outbox.size() > Client::limit) flush(fd);
    }
    said = true;
  }
  //! [broadcast]
  void flush(int fd) {
    Client& client = clients.at(fd);
    try {
      if (!client.outbox.empty()) client.outbox.erase(0, selector.get_key(fd).fileobj.send(client.outbox));
    } catch (const ConnectionError&) {
      return close(fd);
    }
    EventMask wanted = client.leaving ? EventMask() : EVENT_READ;
    if (!client.outbox.empty()) wanted |= EVENT_WRITE;
    if (!wanted || client.outbox.size() > Client::limit) return close(fd);
    selector.modify(fd, wanted);
  }

  void close(int fd) {
    Client& client = clients.at(fd);
    if (client.text.has_rest()) print("Received data from ", client.addr, ": ", client.text.end());
    print("Closing connection to ", client.addr);
    selector.unregister(fd);
    clients.erase(fd);
  }

  SignalPipe stop{SIGINT, SIGTERM};
  DefaultSelector<std::function<void(Socket&, EventMask)>> selector;
  std::map<int, Client> clients;
  bool said = false, running = true;
};

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Sends what each client says to all the others, until it is stopped.",
                      .defaults = {.host = "localhost", .port = 12345},
                      .quiet = true},
                     [](const lesson::Arguments& arguments) { ChatServer().run(arguments); });
}
