// A small `nc`: sends what you type to a server and prints what comes back. It is not a lesson, but it uses only what
// the lessons explain; compare chat-client.cpp in lesson 07.
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

// Waits for one client, then stops listening.
Socket wait_for_client(const lesson::Arguments& arguments) {
  const Address address(arguments.host, arguments.port);
  Socket listener(address.family());
  listener.set_reuse_address();
  listener.bind(address);
  listener.listen();
  lesson::print("listening on ", arguments.host, " port ", listener.getsockname().port());
  auto accepted = listener.accept();
  return std::move(accepted.value().conn);  // on a blocking socket, accept always returns one
}

// Shows what the other side sent. Returns false if it has finished sending.
bool receive(Socket& sock) {
  const auto received = sock.recv(chunk);
  if (received) lesson::show_output(*received);
  return !received || !received->empty();  // empty optional: nothing there yet; empty string: the end
}

void talk(const lesson::Arguments& arguments) {
  Socket sock = arguments.listen ? wait_for_client(arguments) : connect_to({arguments.host, arguments.port});
  sock.set_no_delay();  // each line is sent at once
  sock.setblocking(false);

  DefaultSelector selector;
  selector.register_(standard_input.fileno(), EVENT_READ);
  const int connection = selector.register_(std::move(sock), EVENT_READ).fd;

  std::string outgoing;
  bool input_open = true;  // more may be typed
  bool watching_input = true;
  bool half_closed = false;
  while (true) {
    for (const auto& [key, mask] : selector.select()) {
      if (key.fd == standard_input.fileno()) {
        const auto typed = lesson::read_input(chunk);
        if (!typed) continue;
        input_open = !typed->empty();
        outgoing += *typed;
        selector.unregister(standard_input.fileno());  // read no more before this is sent
        watching_input = false;
      } else if ((mask & EVENT_READ) && !receive(key.fileobj)) {
        if (!outgoing.empty())
          throw std::runtime_error("the other side finished sending before everything you typed was sent");
        return;
      }

      Socket& other_side = selector.get_key(connection).fileobj;
      if (!outgoing.empty()) outgoing.erase(0, other_side.send(outgoing));
      selector.modify(connection, outgoing.empty() ? EVENT_READ : EVENT_READ | EVENT_WRITE);
      if (outgoing.empty() && input_open && !watching_input) {
        selector.register_(standard_input.fileno(), EVENT_READ);
        watching_input = true;
      }
      if (outgoing.empty() && !input_open && !half_closed) {
        other_side.shutdown(Shutdown::write);  // a half-close: we have finished sending, and still receive
        half_closed = true;
      }
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
