// A client for any server, typed by hand: what `nc -N` does, for those who have no nc. It is no lesson, and it has
// nothing that the lessons do not explain: lesson 07's chat client waits for the keyboard and the network in the same
// way.
#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <stdexcept>
#include <string>
#include <utility>

using namespace selectors;
using lesson::standard_input;

namespace {

constexpr std::size_t chunk = 65'536;

Socket connect_to(const Address& server) {
  Socket sock(server.family());
  sock.connect(server);
  return sock;
}

// The one client of a server that is typed by hand.
Socket wait_for_client(const lesson::Arguments& arguments) {
  const Address address(arguments.host, arguments.port);
  Socket listener(address.family());
  listener.set_reuse_address();
  listener.bind(address);
  listener.listen();
  lesson::print("listening on ", arguments.host, " port ", listener.getsockname().port());
  return std::move(listener.accept().value().conn);  // a blocking socket has an answer
}

// Shows what the other side said; false when it has closed.
bool receive(Socket& sock) {
  const auto received = sock.recv(chunk);
  if (received) lesson::show_output(*received);
  return !received || !received->empty();
}

void talk(const lesson::Arguments& arguments) {
  Socket sock = arguments.listen ? wait_for_client(arguments) : connect_to({arguments.host, arguments.port});
  sock.set_no_delay();  // a line leaves at once
  sock.setblocking(false);

  DefaultSelector selector;
  selector.register_(standard_input.fileno(), EVENT_READ);
  const int connection = selector.register_(std::move(sock), EVENT_READ).fd;

  std::string outgoing;
  bool typing = true;
  bool said_all = false;
  while (true) {
    for (const auto& [key, mask] : selector.select()) {
      if (key.fd == standard_input.fileno()) {
        const auto typed = lesson::read_input(chunk);
        if (!typed) continue;
        typing = !typed->empty();
        outgoing += *typed;
        selector.unregister(standard_input.fileno());  // no more typing before this is sent
      } else if ((mask & EVENT_READ) && !receive(key.fileobj)) {
        if (!outgoing.empty()) throw std::runtime_error("the other side has closed before it took all that was typed");
        return;
      }

      Socket& other_side = selector.get_key(connection).fileobj;
      if (!outgoing.empty()) outgoing.erase(0, other_side.send(outgoing));
      selector.modify(connection, outgoing.empty() ? EVENT_READ : EVENT_READ | EVENT_WRITE);
      if (!outgoing.empty() || selector.get_map().contains(standard_input.fileno())) continue;
      if (typing)
        selector.register_(standard_input.fileno(), EVENT_READ);
      else if (!std::exchange(said_all, true))
        other_side.shutdown(Shutdown::write);  // what the other side still has to say is shown
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Sends what you type to a server and shows what it answers, until the server closes.",
                      .defaults = {.host = "localhost", .port = 0},
                      .either_side = true},
                     talk);
}
