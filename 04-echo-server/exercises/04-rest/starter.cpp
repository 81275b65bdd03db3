#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <functional>
#include <string>

using namespace selectors;
using lesson::print;

namespace {

// The numbers from 1 to 1,000,000, each on its own line.
std::string all_numbers() {
  std::string text;
  for (int number = 1; number <= 1'000'000; ++number) text += std::to_string(number) + '\n';
  return text;
}

// Sends the numbers to every client that connects.
struct NumberServer {
  void run(const lesson::Arguments& arguments) {
    const Address address(arguments.host, arguments.port);
    Socket server(address.family());
    server.set_reuse_address();
    server.setblocking(false);
    server.bind(address);
    server.listen();
    print("starting up on ", arguments.host, " port ", server.getsockname().port());

    selector.register_(std::move(server), EVENT_READ, [this](Socket& sock, EventMask) { accept(sock); });

    while (true) {
      for (const auto& [key, mask] : selector.select()) {
        try {
          key.data(key.fileobj, mask);
        } catch (const ConnectionError&) {
          close(key.fileobj);  // a reset ends the connection
        }
      }
    }
  }

 private:
  using Callback = std::function<void(Socket&, EventMask)>;

  // Callback for new connections
  void accept(Socket& sock) {
    auto accepted = sock.accept();
    if (!accepted) return;
    auto& [connection, addr] = *accepted;
    print("accept(", addr, ")");
    connection.setblocking(false);
    try {
      selector.register_(std::move(connection), EVENT_WRITE, [this](Socket& conn, EventMask) { write(conn); });
    } catch (const std::exception& error) {
      tell_turned_away(error.what());  // no room for it (select(2) holds 1,024): close this client, keep the others
    }
  }

  // Callback for write events. Here: send() may accept only part of it, and the rest is lost.
  void write(Socket& connection) {
    connection.send(numbers);
    finish(connection);
  }

  // Everything has been sent. Closing with unread input would reset the connection, so the client closes first.
  void finish(Socket& connection) {
    connection.shutdown(Shutdown::write);
    selector.modify(connection, EVENT_READ, [this](Socket& same_connection, EventMask) { read(same_connection); });
  }

  // Callback for read events: only the end of the input matters
  void read(Socket& connection) {
    const auto data = connection.recv(1024);
    if (data && data->empty()) close(connection);
  }

  void close(Socket& connection) {
    print("  closing");
    selector.unregister(connection);
  }

  const std::string numbers = all_numbers();
  DefaultSelector<Callback> selector;
};

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(
      argc, argv, {.about = "Sends the numbers from 1 to 1,000,000.", .defaults = {.host = "localhost", .port = 10000}},
      [](const lesson::Arguments& arguments) { NumberServer().run(arguments); });
}
