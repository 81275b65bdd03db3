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
          close(key.fileobj);  // a reset is a close
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
      new_connection.set_no_delay();  // at once, though the client has not acknowledged what went before
      selector.register_(std::move(new_connection), EVENT_READ, read_from(addr));
    } catch (const std::exception& error) {
      tell_turned_away(error.what());  // no room for one more (select(2) has 1,024): it is closed, the others stay
    }
  }

  // The address goes along with the callback: once the client has reset the connection, getpeername() fails.
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
      // Interpret empty result as closed connection
      close(connection);
    }
  }
  //! [read]

  // Sends what the kernel takes. For the rest this becomes the callback, and nothing more is read until it has gone
  // out: a client that does not read what it gets cannot make the server store it.
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
    keep_running = false;  // this example ends with its first client; lesson 06 goes on
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
