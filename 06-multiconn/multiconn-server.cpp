#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <array>
#include <csignal>
#include <optional>
#include <string>

using namespace selectors;
using namespace std::chrono_literals;
using lesson::print;
using lesson::repr;

namespace {

struct Connection {
  Address addr;
  bool ended = false;     // the client has finished sending; outb is still sent
  std::string outb = {};  // received, and not yet sent back

  // Reading stops at this much unsent output, so a client that does not read cannot make us store more.
  static constexpr std::size_t limit = 65'536;

  // Asks for EVENT_WRITE only while there is something to write. An empty mask means that we are done.
  //! [wanted]
  [[nodiscard]] EventMask wanted() const {
    EventMask events;
    if (!ended && outb.size() < limit) events |= EVENT_READ;
    if (!outb.empty()) events |= EVENT_WRITE;
    return events;
  }
  //! [wanted]
};

// The listening socket and the signals have no connection; that is how the loop tells them apart.
using Selector = DefaultSelector<std::optional<Connection>>;

void accept_wrapper(Selector& selector, Socket& sock) {
  auto accepted = sock.accept();  // should be ready to read
  if (!accepted) return;
  auto& [conn, addr] = *accepted;
  print("accepted connection from ", addr);
  conn.setblocking(false);
  try {
    conn.set_no_delay();               // send at once, even if earlier data is not acknowledged yet
    conn.set_keep_alive(30s, 10s, 3);  // after 30 s of silence, ask 3 times, 10 s apart, whether it is still there
    conn.set_user_timeout(60s);        // drop it if sent data is not acknowledged within a minute
    selector.register_(std::move(conn), EVENT_READ, Connection{.addr = addr});
  } catch (const std::exception& error) {
    tell_turned_away(error.what());  // no room for it (select(2) holds 1,024): close this client, keep the others
  }
}

void close_connection(Selector& selector, const Selector::Key& key) {
  print("closing connection to ", key.data->addr);
  selector.unregister(key);
}

void service_connection(Selector& selector, const Selector::Key& key, EventMask mask) {
  Socket& sock = key.fileobj;
  Connection& data = *key.data;
  if (mask & EVENT_READ) {
    static std::array<char, 65536> buffer;  // lent to each connection in turn
    if (const auto received = sock.recv_into(buffer)) {
      data.ended = received->empty();
      if (!data.ended) print("echoing ", repr(*received), " to ", data.addr);
      // Send at once: usually the kernel takes all of it, and EVENT_WRITE is not needed.
      const std::size_t sent = data.ended || !data.outb.empty() ? 0 : sock.send(*received);
      data.outb += received->substr(sent);
    }
  }
  if (mask & EVENT_WRITE) {
    data.outb.erase(0, sock.send(data.outb));
    if (data.outb.empty()) data.outb.shrink_to_fit();  // a connection without output holds no memory
  }
  if (const EventMask events = data.wanted())
    selector.modify(key, events);
  else
    close_connection(selector, key);
}

void multiconn_server(const lesson::Arguments& arguments) {
  const Address address(arguments.host, arguments.port);
  const SignalPipe stop{SIGINT, SIGTERM};
  Selector selector;
  selector.register_(stop.fileno(), EVENT_READ);

  Socket lsock(address.family());
  lsock.set_reuse_address();
  lsock.bind(address);
  lsock.listen();
  lsock.setblocking(false);
  print("listening on ", arguments.host, " port ", lsock.getsockname().port());
  selector.register_(std::move(lsock), EVENT_READ);
  bool running = true;
  while (running) {
    const auto events = selector.select();
    const lesson::Turn turn;  // the lines of a turn are written together, before the next wait
    for (const auto& [key, mask] : events) {
      if (key.fd == stop.fileno()) {
        running = false;
      } else if (!key.data) {
        accept_wrapper(selector, key.fileobj);
      } else {
        try {
          service_connection(selector, key, mask);
        } catch (const ConnectionError&) {
          close_connection(selector, key);  // a reset ends only this connection
        }
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Sends back what each of its clients sends, many at a time, until it is stopped.",
                      .defaults = {.host = "127.0.0.1", .port = 65432},
                      .quiet = true},
                     multiconn_server);
}
