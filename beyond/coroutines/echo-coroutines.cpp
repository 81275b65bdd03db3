#include "scheduler.hpp"

#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <csignal>
#include <string>

using namespace selectors;
using namespace std::chrono_literals;
using lesson::print;
using lesson::repr;

namespace {

//! [echo]
Task<> echo(Watched<Socket>& conn, std::string_view rest, Timeout idle_limit) {
  while (true) {
    rest.remove_prefix(conn.send(rest));
    if (rest.empty()) co_return;
    co_await writable(conn, idle_limit);
  }
}
//! [echo]

//! [serve]
Task<> serve(Watched<Socket> conn, Timeout idle_limit) {
  try {
    while (true) {
      co_await readable(conn, idle_limit);
      const auto data = conn.recv(1024);
      if (!data) continue;
      if (data->empty()) break;
      print("Received data: ", repr(*data));
      co_await echo(conn, *data, idle_limit);
    }
  } catch (const ConnectionError&) {
    // a reset ends only this connection
  } catch (const TimedOut&) {
    // it was silent, or did not read, for too long; or the server stops
  }
  print("Closing connection");
}
//! [serve]

//! [accept]
Task<> accept(Scheduler& loop, Watched<Socket> sock, Timeout idle_limit) {
  while (true) {
    co_await readable(sock);
    auto accepted = sock.accept();
    if (sock.needs_rest()) co_await sleep(100ms);  // the system has no memory for another one now
    if (!accepted) continue;
    auto& [conn, addr] = *accepted;
    print("Accepted connection from ", addr);
    conn.setblocking(false);
    try {
      conn.set_no_delay();               // send at once, even if earlier data is not acknowledged yet
      conn.set_keep_alive(30s, 10s, 3);  // after 30 s of silence, ask 3 times, 10 s apart, whether it is still there
      conn.set_user_timeout(60s);        // drop it if sent data is not acknowledged within a minute
      loop.start(serve(Watched<Socket>(loop, std::move(conn)), idle_limit));
    } catch (const std::exception& error) {
      tell_turned_away(error.what());  // no room for it (select(2) holds 1,024): close this client, keep the others
    }
  }
}
//! [accept]

//! [until]
Task<> until_told(Scheduler& loop, const Watched<SignalPipe>& stop) {
  co_await readable(stop);
  loop.stop(2s);  // how long those that are still sending may take
}
//! [until]

void echo_coroutines(const lesson::Arguments& arguments) {
  Scheduler loop;
  const Watched<SignalPipe> stop(loop, std::initializer_list<int>{SIGINT, SIGTERM});

  const Address address(arguments.host, arguments.port);
  Socket sock(address.family());
  sock.set_reuse_address();
  sock.bind(address);
  sock.listen(100);
  sock.setblocking(false);
  print("listening on ", arguments.host, " port ", sock.getsockname().port());

  loop.start(until_told(loop, stop));
  loop.start(
      accept(loop, Watched<Socket>(loop, std::move(sock)), std::chrono::seconds(arguments.number("--idle", 300))));
  if (const auto left = loop.run(); left > 0)
    lesson::print_error("stopped before " + std::to_string(left) + " of its clients had received the whole answer");
}

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(
      argc, argv,
      {.about = "Sends back what each of its clients sends, with a coroutine for each client.",
       .defaults = {.host = "localhost", .port = 12345},
       .quiet = true,
       .options = {{"--idle", "SECONDS", "close a connection that is silent for so long (default 300)", 1, 86'400}}},
      echo_coroutines);
}
