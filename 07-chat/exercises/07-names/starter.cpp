#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <csignal>
#include <functional>
#include <map>
#include <string>

using namespace selectors;
using lesson::print;

namespace {

struct Client {
  Address addr;
  std::string inbox = {};                          // what it said since its last newline
  std::string outbox = {};                         // what the others said and this one has not taken yet
  bool leaving = false;                            // it has said all it will; what is in its outbox still goes out
  static constexpr std::size_t limit = 1'048'576;  // who lets more than this pile up is dropped
  static constexpr std::size_t longest_line = 4096;
};

class ChatServer {
 public:
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
      const auto events = selector.select();
      const lesson::Turn turn;  // the lines of a turn leave together, before the next wait
      for (const auto& [key, mask] : events) {
        try {
          key.data(key.fileobj, mask);
        } catch (const ConnectionError&) {
          close(key.fd);  // a reset is a close, of this one connection
        }
        if (pending > Client::limit / 16) deliver();
      }
      if (pending > 0) deliver();
    }
  }

 private:
  void accept(Socket& sock) {
    auto accepted = sock.accept();
    if (!accepted) return;
    auto& [conn, addr] = *accepted;
    print("Accepted connection from ", addr);
    conn.setblocking(false);
    try {
      const auto key = selector.register_(std::move(conn), EVENT_READ, [this](Socket& c, EventMask m) { read(c, m); });
      clients.emplace(key.fd, Client{.addr = addr});
    } catch (const std::exception& error) {
      lesson::print_error(error.what());  // no room for one more (select(2) has 1,024): it is closed, the others stay
    }
  }

  void read(Socket& conn, EventMask mask) {
    ++pending;
    const auto data = mask & EVENT_READ ? conn.recv(16'384) : std::nullopt;
    if (!data) return;  // room to write again: the turn ends with that
    Client& client = clients.at(conn.fileno());
    client.leaving = data->empty();
    if (client.leaving) return;
    client.inbox += *data;
    for (auto end = client.inbox.find('\n'); end != std::string::npos; end = client.inbox.find('\n')) {
      const std::string line = client.inbox.substr(0, end + 1);
      client.inbox.erase(0, end + 1);
      // Here: the first line is the client's name; before every other line its name goes out.
      print("Received a line from ", client.addr, ": ", lesson::decode(line.substr(0, end)));
      broadcast(line, conn.fileno());
    }
    // It would fill our memory with a line without end.
    if (client.inbox.size() > Client::longest_line) close(conn.fileno());
  }

  // To everyone but the sender, when the turn of the loop ends: what several say in it goes to each in one send.
  void broadcast(const std::string& message, int sender) {
    for (auto& [fd, client] : clients)
      if (fd != sender && !client.leaving) client.outbox += message;
    pending += message.size();
  }
  // Nobody waits: what a client does not take now stays in its outbox.
  void deliver() {
    pending = 0;
    for (auto next = clients.begin(); next != clients.end();) {
      auto& [fd, client] = *next++;  // on before the client may be closed
      EventMask wanted = client.leaving ? EventMask() : EVENT_READ;
      try {
        if (!client.outbox.empty()) client.outbox.erase(0, selector.get_key(fd).fileobj.send(client.outbox));
        if (!client.outbox.empty()) wanted |= EVENT_WRITE;
      } catch (const ConnectionError&) {  // when it is read next, it is closed
      }
      if (wanted && client.outbox.size() <= Client::limit)
        selector.modify(fd, wanted);
      else
        close(fd);
    }
  }

  void close(int fd) {
    print("Closing connection to ", clients.at(fd).addr);
    selector.unregister(fd);
    clients.erase(fd);
  }

  SignalPipe stop{SIGINT, SIGTERM};
  DefaultSelector<std::function<void(Socket&, EventMask)>> selector;
  std::map<int, Client> clients;
  std::size_t pending = 0;  // events and bytes of this turn that its end answers
  bool running = true;
};

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Sends what each client says to all the others, until it is stopped.",
                      .defaults = {.host = "localhost", .port = 12345},
                      .quiet = true},
                     [](const lesson::Arguments& arguments) { ChatServer().run(arguments); });
}
