#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>

using namespace selectors;
using namespace std::chrono_literals;
using lesson::standard_input;

namespace {

constexpr std::size_t chunk = 65'536;

// Shows what the others said. Returns false if the server has finished sending.
bool receive(Socket& sock) {
  const auto received = sock.recv(chunk);
  if (received) lesson::show_output(*received);
  return !received || !received->empty();
}

// If we closed the socket with bytes unread, the connection would be reset, and our last words lost. So half-close it,
// and go on receiving until the server has finished sending too. A server that never does gets a second once all has
// arrived there; one that takes nothing more gets a minute.
//! [say_goodbye]
void say_goodbye(DefaultSelector<>& selector, int connection) {
  using Clock = std::chrono::steady_clock;
  Socket& sock = selector.get_key(connection).fileobj;
  sock.shutdown(Shutdown::write);
  std::size_t on_its_way = sock.unacknowledged();
  auto deadline = Clock::now() + (on_its_way > 0 ? 60s : 1s);
  for (bool open = true; open && Clock::now() < deadline;) {
    for (const auto& [key, mask] : selector.select(100ms)) open = open && key.fd == connection && receive(key.fileobj);
    const auto still = sock.unacknowledged();
    if (still != on_its_way) deadline = Clock::now() + (still > 0 ? 60s : 1s);
    on_its_way = still;
  }
  if (on_its_way > 0) throw std::runtime_error("the server did not take everything that you typed");
}
//! [say_goodbye]

void chat_client(const lesson::Arguments& arguments) {
  const Address server(arguments.host, arguments.port);
  Socket sock(server.family());
  sock.connect(server);
  sock.set_no_delay();  // send each line at once, even if the one before is not acknowledged yet
  sock.setblocking(false);

  const SignalPipe stop{SIGINT, SIGTERM};
  DefaultSelector selector;
  selector.register_(stop.fileno(), EVENT_READ);
  selector.register_(standard_input.fileno(), EVENT_READ);
  const int connection = selector.register_(std::move(sock), EVENT_READ).fd;

  std::string outgoing;
  bool typing = true;
  while (typing || !outgoing.empty()) {
    for (const auto& [key, mask] : selector.select()) {
      if (key.fd == stop.fileno()) {
        if (!outgoing.empty() || selector.get_key(connection).fileobj.unacknowledged() > 0)
          throw std::runtime_error("interrupted before everything that you typed had arrived at the server");
        return;
      }
      if (key.fd == standard_input.fileno()) {
        const auto typed = lesson::read_input(chunk);
        if (!typed) continue;
        typing = !typed->empty();
        outgoing += *typed;
        selector.unregister(standard_input.fileno());  // read no more before this is sent: a paste waits in its pipe
      } else if ((mask & EVENT_READ) && !receive(key.fileobj)) {
        throw std::runtime_error("the server at " + to_string(server) + " has closed the connection");
      }

      if (!outgoing.empty()) outgoing.erase(0, selector.get_key(connection).fileobj.send(outgoing));
      selector.modify(connection, outgoing.empty() ? EVENT_READ : EVENT_READ | EVENT_WRITE);
      if (outgoing.empty() && typing && !selector.get_map().contains(standard_input.fileno()))
        selector.register_(standard_input.fileno(), EVENT_READ);
    }
  }
  say_goodbye(selector, connection);
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "Sends what you type to the chat and prints what the others say.",
                      .defaults = {.host = "localhost", .port = 12345},
                      .quiet = true},
                     chat_client);
}
