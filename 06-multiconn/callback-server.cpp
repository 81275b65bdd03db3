#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <csignal>
#include <functional>
#include <string>

using namespace selectors;
using namespace std::chrono_literals;
using lesson::print;
using lesson::repr;

namespace {

class CallbackServer {
 public:
  void run(const lesson::Arguments& arguments) {
    const Address address(arguments.host, arguments.port);
    Socket sock(address.family());
    sock.set_reuse_address();
    sock.bind(address);
    sock.listen(100);
    sock.setblocking(false);
    print("listening on ", arguments.host, " port ", sock.getsockname().port());

    selector.register_(std::move(sock), EVENT_READ, [this](Socket& lsock, EventMask) { accept(lsock); });
    selector.register_(stop.fileno(), EVENT_READ, [this](Socket&, EventMask) { running = false; });

    while (running) {
      for (const auto& [key, mask] : selector.select()) {
        const Callback& callback = key.data;
        try {
          callback(key.fileobj, mask);
        } catch (const ConnectionError&) {
          close(key.fileobj);  // a reset ends only this connection
        }
      }
    }
  }

 private:
  using Callback = std::function<void(Socket&, EventMask)>;

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
      selector.register_(std::move(conn), EVENT_READ, reading());
    } catch (const std::exception& error) {
      tell_turned_away(error.what());  // no room for it (select(2) holds 1,024): close this client, keep the others
    }
  }

  // The callback of a connection is its state: reading, or sending what the kernel did not take.
  Callback reading() {
    return [this](Socket& conn, EventMask) { read(conn); };
  }

  void read(Socket& conn) {
    const auto data = conn.recv(1024);
    if (!data) return;
    if (!data->empty()) {
      print("Received data: ", repr(*data));
      echo(conn, *data);
    } else {
      close(conn);
    }
  }

  //! [echo]
  void echo(Socket& conn, std::string rest) {
    rest.erase(0, conn.send(rest));
    if (rest.empty())
      selector.modify(conn, EVENT_READ, reading());
    else
      selector.modify(conn, EVENT_WRITE, [this, rest](Socket& same_conn, EventMask) { echo(same_conn, rest); });
  }
  //! [echo]

  void close(Socket& conn) {
    print("Closing connection");
    selector.unregister(conn);
  }

  SignalPipe stop{SIGINT, SIGTERM};
  DefaultSelector<Callback> selector;
  bool running = true;
};

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Sends back what each of its clients sends, with a callback in each key.",
                      .defaults = {.host = "localhost", .port = 12345},
                      .quiet = true},
                     [](const lesson::Arguments& arguments) { CallbackServer().run(arguments); });
}
