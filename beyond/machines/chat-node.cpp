#include "stream.hpp"

#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <array>
#include <csignal>
#include <map>
#include <string>
#include <thread>

using namespace selectors;
using namespace std::chrono_literals;
using lesson::print;

namespace {

struct Client {
  Address addr;
  std::uint64_t number;                            // unique on this node; what it says comes back with this number
  Socket aside = {};                               // holds it outside the selector while no event is wanted
  lesson::Decoder text = {};                       // a character may come in two pieces
  std::string outbox = {};                         // what the others said, still to be sent to this one
  bool leaving = false;                            // it has finished sending; its outbox is still sent
  static constexpr std::size_t limit = 1'048'576;  // a client that lets more than this pile up is dropped
};

struct ChatNode {
  explicit ChatNode(const Address& redis)
      : stream(selector, redis, [this](auto text, auto speaker) { broadcast(text, speaker); }) {}

  int run(const lesson::Arguments& arguments) {
    const Address address(arguments.host, arguments.port);
    Socket sock(address.family());
    sock.set_reuse_address();
    sock.bind(address);
    sock.listen();
    sock.setblocking(false);
    print("Chat server started on port ", sock.getsockname().port());
    selector.register_(std::move(sock), EVENT_READ, [this](Socket& lsock, EventMask) { accept(lsock); });
    selector.register_(stop.fileno(), EVENT_READ, [this](Socket&, EventMask) { end(); });
    while (!stream.has_finished()) {
      const bool due = std::exchange(said, false);  // look once more at who speaks, then send once to each
      const auto events = selector.select(due ? Timeout(0s) : stream.patience());
      const lesson::Turn turn;  // the lines of a turn are written together, before the next wait
      for (const auto& [key, mask] : events) {
        try {
          key.data(key.fileobj, mask);
        } catch (const ConnectionError&) {
          close(key.fd);  // a reset ends only this connection
        }
      }
      stream.turn();
      const bool changed = std::exchange(had_room, stream.has_room()) != stream.has_room();
      if (due || changed)
        for (auto next = clients.begin(); next != clients.end();) flush(next++->first);
      std::this_thread::yield();  // a client on the same processor may finish its message
    }
    if (stream.has_said_all()) return 0;
    lesson::print_error("Redis did not acknowledge everything that was said");
    return 1;
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
      const auto key = selector.register_(std::move(conn), EVENT_READ, on_client);
      clients.emplace(key.fd, Client{.addr = addr, .number = ++accepted_so_far});
    } catch (const std::exception& error) {
      tell_turned_away(error.what());  // no room for it (select(2) holds 1,024): close this client, keep the others
    }
  }

  void read(Socket& conn, EventMask mask) {
    const int fd = conn.fileno();
    if (mask & EVENT_WRITE) flush(fd);
    if (!(mask & EVENT_READ) || !clients.contains(fd)) return;  // flush may have closed it
    Client& client = clients.at(fd);
    if (!stream.has_room()) return watch(fd, client);  // its words wait in the kernel, and later in the client
    static std::array<char, 65536> buffer;             // lent to each client in turn
    const auto data = conn.recv_into(buffer);
    if (!data) return;
    client.leaving = data->empty();
    if (client.leaving) return flush(fd);
    print("Received data from ", client.addr, ": ", client.text.decode(*data));
    stream.say(*data, client.number);
  }
  //! [broadcast]
  // Sends what comes out of the stream to everyone but its speaker; if it was said on another node, to everyone.
  void broadcast(std::string_view message, std::uint64_t speaker) {
    for (auto next = clients.begin(); next != clients.end();) {
      auto& [fd, client] = *next++;  // advance first: the client may be closed
      if (client.number == speaker || client.leaving) continue;
      client.outbox += message;
      if (client.outbox.size() > Client::limit) flush(fd);
    }
    said = true;
  }
  //! [broadcast]
  void flush(int fd) {
    Client& client = clients.at(fd);
    Socket& conn = is_aside(client) ? client.aside : selector.get_key(fd).fileobj;
    try {
      if (!client.outbox.empty()) client.outbox.erase(0, conn.send(client.outbox));
    } catch (const ConnectionError&) {
      return close(fd);
    }
    if ((client.leaving && client.outbox.empty()) || client.outbox.size() > Client::limit) return close(fd);
    watch(fd, client);
  }
  //! [watch]
  // A selector refuses an empty mask, so a client that may not speak now and has nothing to receive waits aside.
  void watch(int fd, Client& client) {
    EventMask wanted = client.leaving || !stream.has_room() ? EventMask() : EVENT_READ;
    if (!client.outbox.empty()) wanted |= EVENT_WRITE;
    if (is_aside(client) && wanted)
      selector.register_(std::move(client.aside), wanted, on_client);
    else if (!is_aside(client) && wanted)
      selector.modify(fd, wanted);
    else if (!is_aside(client))
      client.aside = std::move(selector.unregister(fd).fileobj);
  }
  //! [watch]
  void close(int fd) {
    Client& client = clients.at(fd);
    if (client.text.has_rest()) print("Received data from ", client.addr, ": ", client.text.end());
    print("Closing connection to ", client.addr);
    if (!is_aside(client)) selector.unregister(fd);
    clients.erase(fd);
  }

  void end() {
    selector.unregister(stop.fileno());
    stream.finish(1s);  // first send what its members have said; no more is read from them
  }

  static bool is_aside(const Client& client) { return client.aside.fileno() >= 0; }

  SignalPipe stop{SIGINT, SIGTERM};
  Selector selector;
  std::map<int, Client> clients;
  const Callback on_client = [this](Socket& conn, EventMask mask) { read(conn, mask); };
  Stream stream;
  std::uint64_t accepted_so_far = 0;
  bool said = false, had_room = true;
};

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(
      argc, argv,
      {.about = "One node of a chat on many: what a client says reaches all clients of all nodes.",
       .defaults = {.host = "localhost", .port = 12345},
       .quiet = true,
       .options = {{"--redis", "WHERE", "the Redis server, HOST:PORT or the path of its socket"}}},
      [](const lesson::Arguments& arguments) { return ChatNode(redis_address(arguments.options)).run(arguments); });
}
