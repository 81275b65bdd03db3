#include "tls.hpp"

#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>

using namespace selectors;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using lesson::standard_input;
using tls::State;

namespace {

struct TlsChatClient {
  TlsChatClient(const lesson::Arguments& arguments, const tls::Context& context)
      : server(arguments.host, arguments.port),
        session(context, arguments.host),
        patience(arguments.number("--limit", 10'000)) {}

  void run() {
    Socket sock(server.family());
    sock.connect(server);
    sock.set_no_delay();
    sock.setblocking(false);
    const int connection = selector.register_(std::move(sock), EVENT_READ | EVENT_WRITE).fd;
    selector.register_(stop.fileno(), EVENT_READ);
    while (open) {
      const auto events = selector.select(greeted && !parting ? Timeout() : deadline - Clock::now());
      for (const auto& [key, mask] : events) {
        if (key.fd == stop.fileno()) return leave_at_once(selector.get_key(connection).fileobj);
        if (key.fd == standard_input.fileno()) type();
      }
      const EventMask wanted = go_on(selector.get_key(connection).fileobj);
      if (wanted) selector.modify(connection, wanted);
      if (open && !(greeted && !parting) && Clock::now() >= deadline)
        fail(greeted ? "it has not said goodbye" : "no handshake in time");
    }
  }

  void type() {
    const auto typed = lesson::read_input(65'536);
    if (!typed) return;
    typing = !typed->empty();
    outgoing += *typed;
    selector.unregister(standard_input.fileno());  // read no more before this is sent: a paste waits in its pipe
  }
  //! [go_on]
  // Does what can be done now, and returns the events to watch the socket for. Trying a call that cannot go on costs
  // nothing.
  EventMask go_on(Socket& sock) {
    if (!greeted) {
      const auto result = check(session.handshake(sock));
      if (result.state == State::waits) return result.wants;
      greeted = true;
    }
    const EventMask reading = receive(sock);
    auto result = check(session.write(sock, outgoing));
    if (outgoing.empty() && !typing && !parting) result = check(session.say_goodbye(sock));
    if (outgoing.empty() && !typing && !parting && result.state == State::done) {
      parting = true;  // a half-close: we send no more, and receive until the server has said goodbye too
      deadline = Clock::now() + patience;
    }
    if (outgoing.empty() && typing && !selector.get_map().contains(standard_input.fileno()))
      selector.register_(standard_input.fileno(), EVENT_READ);
    return reading | result.wants;
  }
  //! [go_on]
  EventMask receive(Socket& sock) {
    std::array<char, 16'384> buffer;  // room for the largest record, so that nothing stays in the library
    const auto result = check(session.read(sock, buffer));
    if (result.state == State::waits) return result.wants;
    if (result.state == State::ended && !parting) fail("it has closed the connection");
    open = result.state == State::done;
    lesson::show_output({buffer.data(), result.size});
    deadline = Clock::now() + patience;
    return EVENT_READ;
  }

  void leave_at_once(Socket& sock) {
    if (greeted && outgoing.empty()) std::ignore = session.say_goodbye(sock);
    if (!outgoing.empty() || sock.unacknowledged() > 0)
      throw std::runtime_error("interrupted before everything that you typed had arrived at the server");
  }

  tls::Result check(tls::Result result) const {
    if (result.state == State::failed) fail(result.why);
    return result;
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw std::runtime_error("the server at " + to_string(server) + ": " + why);
  }

  Address server;
  tls::Session session;
  const std::chrono::milliseconds patience;  // with the handshake, and with the server's goodbye
  const SignalPipe stop{SIGINT, SIGTERM};
  DefaultSelector<> selector;
  std::string outgoing;
  Clock::time_point deadline = Clock::now() + patience;
  bool greeted = false, typing = true, parting = false, open = true;
};

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(
      argc, argv,
      {.about = "Sends what you type to the chat over TLS 1.3 and prints what the others say.",
       .defaults = {.host = "localhost", .port = 12346},
       .quiet = true,
       .options = {{"--cert", "FILE", "your certificate, which has your name"},
                   {"--key", "FILE", "its private key"},
                   {"--ca", "FILE", "the authority's certificate"},
                   {"--limit", "MS", "how long to wait for a handshake or a goodbye (default 10000)", 1, 3'600'000}}},
      [](const lesson::Arguments& arguments) {
        const tls::Context context(tls::Side::client, arguments.options);
        TlsChatClient(arguments, context).run();
      });
}
