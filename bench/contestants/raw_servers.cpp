// The servers on raw epoll.
#include "server.hpp"

#include <sys/epoll.h>
#include <sys/signalfd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <span>

namespace bench {
namespace {

struct Member : Connection {
  using Connection::Connection;

  std::uint32_t events = EPOLLIN;
};

Descriptor sigterm() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return Descriptor(checked(signalfd(-1, &signals, SFD_CLOEXEC), "signalfd"));
}

class Server {
 public:
  explicit Server(Service service, bool with_lines = false) : service_(service), with_lines_(with_lines) {}

  void serve() {
    const Descriptor stop = sigterm();
    const Descriptor listener = listen_on_loopback();
    control(EPOLL_CTL_ADD, stop, EPOLLIN, nullptr);
    control(EPOLL_CTL_ADD, listener, EPOLLIN, this);
    std::array<epoll_event, 1024> events{};
    while (true) {
      const int count = epoll_wait(epoll_.fileno(), events.data(), events.size(), -1);
      if (count < 0) {
        if (errno == EINTR) continue;
        fail("epoll_wait");
      }
      for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
        if (event.data.ptr == nullptr) return;
        if (event.data.ptr == this)
          accept_all(listener);
        else
          handle(*static_cast<Member*>(event.data.ptr), event.events);
      }
      if (!lines_.empty()) write_lines();
    }
  }

 private:
  void accept_all(const Descriptor& listener) {
    while (true) {
      Descriptor accepted = accept_one(listener);
      if (accepted.fileno() < 0) return;
      Member& member = members_.add(std::make_unique<Member>(std::move(accepted)));
      control(EPOLL_CTL_ADD, member.socket, member.events, &member);
    }
  }

  void handle(Member& member, std::uint32_t events) {
    if (events & EPOLLOUT) member.send_rest();
    if (events & ~std::uint32_t{EPOLLOUT}) {
      const std::string_view bytes = member.receive(lent_);
      if (with_lines_ && !bytes.empty())
        lines_.append("echoing b'").append(bytes).append("' to ('127.0.0.1', 50000)\n");
      if (service_ == Service::echo)
        member.send(bytes);
      else
        send_to_others(member, bytes);
    }
    settle(member);
  }

  void write_lines() {
    checked(static_cast<int>(write(STDOUT_FILENO, lines_.data(), lines_.size())), "write of the lines");
    lines_.clear();
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
    if (member.finished()) return members_.remove(member);
    const std::uint32_t events =
        (member.is_read_from(service_) ? EPOLLIN : 0U) | (member.rest.empty() ? 0U : std::uint32_t{EPOLLOUT});
    if (events == member.events) return;
    member.events = events;
    control(EPOLL_CTL_MOD, member.socket, events, &member);
  }

  void control(int operation, const Descriptor& socket, std::uint32_t events, void* data) const {
    epoll_event event{.events = events, .data = {.ptr = data}};
    checked(epoll_ctl(epoll_.fileno(), operation, socket.fileno(), &event), "epoll_ctl");
  }

  Service service_;
  bool with_lines_;
  Descriptor epoll_{checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")};
  Crew<std::unique_ptr<Member>> members_;
  std::vector<char> lent_ = std::vector<char>(lent_size);
  std::string lines_;  // of this turn
};

}  // namespace

void serve_echo() { Server(Service::echo).serve(); }

void serve_echo_with_lines() { Server(Service::echo, true).serve(); }

void serve_chat() { Server(Service::chat).serve(); }

}  // namespace bench
