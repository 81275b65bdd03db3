#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

using namespace selectors;
using lesson::print;
using lesson::repr;

namespace {

struct Connection {
  int connid = 0;
  std::vector<std::string> messages;  // still to be sent, the next one last
  std::size_t msg_total = 0;
  std::size_t recv_total = 0;
  std::string outb = {};
  bool connected = false;
};

// The signals have no connection.
using Selector = DefaultSelector<std::optional<Connection>>;

std::string message(int number, int connid) {
  return "Message " + std::to_string(number) + " from client " + std::to_string(connid) + ".";
}

void start_connections(Selector& selector, const Address& server, int count) {
  for (int connid = 1; connid <= count; ++connid) {
    print("starting connection ", connid, " to ", server);
    Connection data{.connid = connid, .messages = {message(2, connid), message(1, connid)}};
    for (const auto& text : data.messages) data.msg_total += text.size();
    Socket sock(server.family());
    sock.setblocking(false);
    const auto error = sock.connect_ex(server);
    if (error && error != std::errc::operation_in_progress)  // in progress is not an error
      throw std::system_error(error, "connect to " + to_string(server));
    selector.register_(std::move(sock), EVENT_READ | EVENT_WRITE, std::move(data));
  }
}

// Returns true when the connection has done its work, and throws if it cannot.
bool service_connection(Selector& selector, const Selector::Key& key, EventMask mask, const Address& server) {
  Socket& sock = key.fileobj;
  Connection& data = *key.data;
  //! [connected]
  if (!data.connected) {  // the first event says that connecting has ended; take_error says how
    if (const auto error = sock.take_error()) throw ConnectionError(error, "connect to " + to_string(server));
    data.connected = true;
  }
  //! [connected]
  if (mask & EVENT_READ) {
    if (const auto received = sock.recv(1024)) {
      if (received->empty())
        throw ConnectionError(std::make_error_code(std::errc::connection_aborted),
                              "the server closed the connection after " + std::to_string(data.recv_total) + " of " +
                                  std::to_string(data.msg_total) + " bytes");
      print("received ", repr(*received), " from connection ", data.connid);
      data.recv_total += received->size();
      if (data.recv_total >= data.msg_total) return true;
    }
  }
  if (mask & EVENT_WRITE) {
    if (data.outb.empty() && !data.messages.empty()) {
      data.outb = data.messages.back();
      data.messages.pop_back();
    }
    if (data.outb.empty()) {
      selector.modify(key, EVENT_READ);  // all is sent: stop asking, because an idle socket is always ready to write
    } else {
      print("sending ", repr(data.outb), " to connection ", data.connid);
      data.outb.erase(0, sock.send(data.outb));
    }
  }
  return false;
}

int multiconn_client(const lesson::Arguments& arguments) {
  const Address server(arguments.host, arguments.port);
  const SignalPipe stop{SIGINT, SIGTERM};
  Selector selector;
  start_connections(selector, server, arguments.connections);
  selector.register_(stop.fileno(), EVENT_READ);

  int status = 0;
  while (selector.get_map().size() > 1) {  // until only the signals are left
    for (const auto& [key, mask] : selector.select()) {
      if (key.fd == stop.fileno()) return 0;
      const int connid = key.data->connid;
      try {
        if (!service_connection(selector, key, mask, server)) continue;
        print("closing connection ", connid);
      } catch (const ConnectionError& error) {
        lesson::print_error("connection " + std::to_string(connid) + ": " + error.what());
        status = 1;
      }
      selector.unregister(key);
    }
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(
      argc, argv,
      {.about = "Opens several connections at once, sends two messages on each, and waits for the echoes.",
       .defaults = {.host = "127.0.0.1", .port = 65432, .connections = 3},
       .quiet = true},
      multiconn_client);
}
