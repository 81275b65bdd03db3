// The servers on libev: one ev_io for each connection, as with raw epoll.
#include "libev.hpp"
#include "server.hpp"

#include <csignal>

namespace bench {
namespace {

class Server;

struct Member : Connection {
  Member(Descriptor accepted, Server& its_server) : Connection(std::move(accepted)), server(its_server) {}

  Server& server;
  ev_io watcher{};
};

class Server {
 public:
  explicit Server(Service service) : service_(service) {}

  void serve() {
    ev_signal stop{};
    ev_signal_init(
        &stop, [](struct ev_loop* loop, ev_signal*, int) { ev_break(loop, EVBREAK_ALL); }, SIGTERM);
    ev_signal_start(loop_.get(), &stop);

    listener_ = listen_on_loopback();
    const auto accept = [](struct ev_loop*, ev_io* watcher, int) { static_cast<Server*>(watcher->data)->accept_all(); };
    ev_io accepting{};
    ev_io_init(&accepting, accept, listener_.fileno(), EV_READ);
    accepting.data = this;
    ev_io_start(loop_.get(), &accepting);
    ev_run(loop_.get(), 0);
    ev_io_stop(loop_.get(), &accepting);
    ev_signal_stop(loop_.get(), &stop);
  }

 private:
  void accept_all() {
    while (true) {
      Descriptor accepted = accept_one(listener_);
      if (accepted.fileno() < 0) return;
      Member& member = members_.add(std::make_unique<Member>(std::move(accepted), *this));
      ev_io_init(&member.watcher, handle_ready, member.socket.fileno(), EV_READ);
      member.watcher.data = &member;
      ev_io_start(loop_.get(), &member.watcher);
    }
  }

  static void handle_ready(struct ev_loop*, ev_io* watcher, int events) {
    auto& member = *static_cast<Member*>(watcher->data);
    member.server.handle(member, events);
  }

  void handle(Member& member, int events) {
    if (events & EV_WRITE) member.send_rest();
    if (events & EV_READ) {
      const std::string_view bytes = member.receive(lent_);
      if (service_ == Service::echo)
        member.send(bytes);
      else
        send_to_others(member, bytes);
    }
    settle(member);
  }

  void send_to_others(const Member& sender, std::string_view bytes) {
    for (const auto& member : members_) {
      if (member.get() == &sender || member->ended) continue;
      member->send(bytes);
      settle(*member);
    }
  }

  /// Waits for the events that are wanted now, which seldom change.
  void settle(Member& member) {
    if (member.finished()) {
      ev_io_stop(loop_.get(), &member.watcher);
      return members_.remove(member);
    }
    const int events = (member.is_read_from(service_) ? EV_READ : 0) | (member.rest.empty() ? 0 : EV_WRITE);
    if (events == (member.watcher.events & (EV_READ | EV_WRITE))) return;
    ev_io_stop(loop_.get(), &member.watcher);
    ev_io_modify(&member.watcher, events);
    ev_io_start(loop_.get(), &member.watcher);
  }

  Service service_;
  Loop loop_ = make_loop();
  Descriptor listener_;
  Crew<std::unique_ptr<Member>> members_;
  std::vector<char> lent_ = std::vector<char>(lent_size);
};

}  // namespace

void serve_echo() { Server(Service::echo).serve(); }

void serve_chat() { Server(Service::chat).serve(); }

}  // namespace bench
