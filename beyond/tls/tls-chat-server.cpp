#include "member.hpp"

#include <lesson/program.hpp>
#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <csignal>
#include <functional>
#include <map>
#include <set>
#include <string>

using namespace selectors;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using lesson::print;
using tls::State;

namespace {

struct TlsChatServer {
  explicit TlsChatServer(const lesson::Arguments& arguments)
      : context(tls::Side::server, arguments.options), patience(arguments.number("--limit", 10'000)) {}

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
      //! [deadlines]
      const auto events = selector.select(deadlines.empty() ? Timeout() : deadlines.begin()->first - Clock::now());
      const lesson::Turn turn;
      for (const auto& [key, mask] : events) key.data(key.fileobj, mask);
      while (!deadlines.empty() && deadlines.begin()->first <= Clock::now())
        close(deadlines.begin()->second, "no handshake in time");
      //! [deadlines]
      if (std::exchange(said, false))
        for (auto next = members.begin(); next != members.end();) flush(next++->first);
    }
    for (auto& [fd, member] : members)  // so that those who are still here know that it is no accident
      if (!member.name.empty()) std::ignore = member.tls.say_goodbye(selector.get_key(fd).fileobj);
  }

  void accept(Socket& sock) {
    auto accepted = sock.accept();
    if (!accepted) return;
    auto& [conn, addr] = *accepted;
    conn.setblocking(false);
    try {
      conn.set_no_delay();
      conn.set_keep_alive(30s, 10s, 3);
      conn.set_user_timeout(60s);
      Member member{.addr = addr, .tls = tls::Session(context), .deadline = Clock::now() + patience};
      const auto key = selector.register_(std::move(conn), EVENT_READ, [this](Socket& c, EventMask m) { serve(c, m); });
      deadlines.emplace(member.deadline, key.fd);
      members.emplace(key.fd, std::move(member));
    } catch (const std::exception& error) {
      tell_turned_away(error.what());
    }
  }
  //! [serve]
  // The mask says what the socket is ready for. The member knows which call waited for that.
  void serve(Socket& conn, EventMask mask) {
    const int fd = conn.fileno();
    Member& member = members.at(fd);
    if (member.name.empty()) return greet(conn, member);
    const bool reads = static_cast<bool>(mask & member.reading);
    if (mask & member.writing) flush(fd);
    if (reads && members.contains(fd)) read(fd);
  }
  //! [serve]
  //! [greet]
  void greet(Socket& conn, Member& member) {
    const int fd = conn.fileno();
    const auto result = member.tls.handshake(conn);
    if (result.state == State::waits) {
      selector.modify(fd, result.wants);
      return;
    }
    if (result.state != State::done) return close(fd, result.why);
    member.name = member.tls.peer_name();
    if (member.name.empty()) return close(fd, "its certificate has no name");
    deadlines.erase({member.deadline, fd});
    print(member.name, " joined from ", member.addr);
    read(fd);
  }
  //! [greet]
  void read(int fd) {
    Member& member = members.at(fd);
    const auto result = member.read(selector.get_key(fd).fileobj);
    while (const auto line = member.next_line()) broadcast(member.name + ": " + *line, fd);
    if (result.state == State::failed) return close(fd, result.why);
    if (member.inbox.size() > Member::longest_line) return close(fd, "a line without end");
    flush(fd);
  }

  void broadcast(const std::string& line, int sender) {
    print(lesson::decode(line));
    for (auto next = members.begin(); next != members.end();) {
      auto& [fd, member] = *next++;  // advance first: the member may be closed
      if (fd == sender || member.name.empty() || member.leaving) continue;
      (member.outbox += line) += '\n';
      if (member.outbox.size() > Member::limit) flush(fd);
    }
    said = true;
  }

  void flush(int fd) {
    Member& member = members.at(fd);
    if (member.name.empty()) return;
    const auto result = member.write(selector.get_key(fd).fileobj);
    if (result.state == State::failed || result.state == State::ended) return close(fd, result.why);
    if (member.outbox.size() > Member::limit) return close(fd, "it does not read");
    selector.modify(fd, member.wanted());
  }

  void close(int fd, const std::string& why) {
    const Member& member = members.at(fd);
    if (member.name.empty())
      print("refused ", member.addr, ": ", why);
    else
      print("Closing connection to ", member.name, " ", member.addr, why.empty() ? "" : ": ", why);
    deadlines.erase({member.deadline, fd});
    selector.unregister(fd);
    members.erase(fd);
  }

  tls::Context context;
  std::chrono::milliseconds patience;  // with a handshake
  SignalPipe stop{SIGINT, SIGTERM};
  DefaultSelector<std::function<void(Socket&, EventMask)>> selector;
  std::map<int, Member> members;
  std::set<std::pair<Clock::time_point, int>> deadlines;  // of the handshakes, the next one first
  bool said = false, running = true;
};

}  // namespace

int main(int argc, char** argv) {
  return lesson::run(argc, argv,
                     {.about = "The chat of lesson 07 for members with a certificate, over TLS 1.3.",
                      .defaults = {.host = "localhost", .port = 12346},
                      .quiet = true,
                      .options = {{"--cert", "FILE", "the server's certificate"},
                                  {"--key", "FILE", "its private key"},
                                  {"--ca", "FILE", "the authority's certificate"},
                                  {"--limit", "MS", "how long to wait for a handshake (default 10000)", 1, 3'600'000}}},
                     [](const lesson::Arguments& arguments) { TlsChatServer(arguments).run(arguments); });
}
