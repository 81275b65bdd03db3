#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <functional>
#include <string>

using namespace selectors;
using namespace std::chrono_literals;
using lesson::print;
using lesson::repr;

namespace {

class EchoServer {
 public:
  void run(const lesson::Arguments& arguments) {
    const Address address(arguments.host, arguments.port);
    Socket server(address.family());
    server.set_reuse_address();
    server.setblocking(false);
    server.bind(address);
    server.listen();
    print("starting up on ", arguments.host, " port ", server.getsockname().port());

    selector.register_(std::move(server), EVENT_READ, [this](Socket& sock, EventMask) { accept(sock); });

    while (keep_running) {
      print("waiting for I/O");
      for (const auto& [key, mask] : selector.select(1s)) {
        try {
          key.data(key.fileobj, mask);
        } catch (const ConnectionError&) {
          close(key.fileobj);  // a reset ends the connection
        }
      }
    }

    print("shutting down");
    selector.close();
  }

 private:
  using Callback = std::function<void(Socket&, EventMask)>;

  // Callback for new connections
  void accept(Socket& sock) {
    auto accepted = sock.accept();
    if (!accepted) return;
    auto& [new_connection, addr] = *accepted;
    print("accept(", addr, ")");
    new_connection.setblocking(false);
    try {
      new_connection.set_no_delay();  // send at once, even if earlier data is not acknowledged yet
      selector.register_(std::move(new_connection), EVENT_READ, read_from(addr));
    } catch (const std::exception& error) {
      tell_turned_away(error.what());  // no room for it (select(2) holds 1,024): close this client, keep the others
    }
  }

  // The callback keeps the address, because getpeername() fails once the client has reset the connection.
  Callback read_from(const Address& client) {
    return [this, client](Socket& connection, EventMask) { read(connection, client); };
  }

  // Callback for read events
  //! [read]
  void read(Socket& connection, const Address& client) {
    print("read(", client, ")");
    const auto data = connection.recv(1024);
    if (!data) return;
    if (!data->empty()) {
      // A readable client socket has data
      print("  received ", repr(*data));
      write(connection, client, *data);
    } else {
      // An empty result: the client has finished sending
      close(connection);
    }
  }
  //! [read]

  // Sends what the kernel takes. If a rest is left, this becomes the callback, and nothing more is read until the rest
  // is sent: a client that does not read its answers cannot make the server store more and more of them.
  //! [write]
  void write(Socket& connection, const Address& client, std::string rest) {
    rest.erase(0, connection.send(rest));
    if (rest.empty())
      selector.modify(connection, EVENT_READ, read_from(client));
    else
      selector.modify(connection, EVENT_WRITE, [this, client, rest](Socket& same_connection, EventMask) {
        write(same_connection, client, rest);
      });
  }
  //! [write]

  void close(Socket& connection) {
    print("  closing");
    selector.unregister(connection);
    keep_running = false;  // this example ends with its first client; the servers of lesson 06 go on
  }

  DefaultSelector<Callback> selector;
  bool keep_running = true;
};

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Sends back what its clients send, and ends when the first of them has left.",
                      .defaults = {.host = "localhost", .port = 10000}},
                     [](const lesson::Arguments& arguments) { EchoServer().run(arguments); });
}
