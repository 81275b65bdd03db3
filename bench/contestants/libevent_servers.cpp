// The servers on libevent: an evconnlistener accepts, each connection is a bufferevent.
#include "libevent.hpp"
#include "server.hpp"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>

#include <csignal>

namespace bench {
namespace {

using Buffered = std::unique_ptr<bufferevent, decltype([](bufferevent* buffered) { bufferevent_free(buffered); })>;
using Listener = std::unique_ptr<evconnlistener, decltype([](evconnlistener* it) { evconnlistener_free(it); })>;
using Event = std::unique_ptr<event, decltype([](event* it) { event_free(it); })>;

class Server;

struct Member {
  Member(Server& its_server, bufferevent* its_buffered) : server(its_server), buffered(its_buffered) {}

  [[nodiscard]] evbuffer* input() const { return bufferevent_get_input(buffered.get()); }
  [[nodiscard]] evbuffer* output() const { return bufferevent_get_output(buffered.get()); }

  Server& server;
  Buffered buffered;
  bool ended = false;
  std::size_t place = 0;
};

class Server {
 public:
  explicit Server(Service service) : service_(service) {}

  void serve() {
    const auto end_loop = [](evutil_socket_t, short, void* base) {
      event_base_loopbreak(static_cast<event_base*>(base));
    };
    const Event stop(evsignal_new(base_.get(), SIGTERM, end_loop, base_.get()));
    event_add(stop.get(), nullptr);

    const auto accept = [](evconnlistener*, evutil_socket_t fd, sockaddr*, int, void* server) {
      static_cast<Server*>(server)->add(fd);
    };
    // The socket already listens; the listener accepts all waiting connections without blocking.
    const Listener listener(evconnlistener_new(base_.get(), accept, this, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC,
                                               0, listen_on_loopback().release()));
    event_base_dispatch(base_.get());
  }

 private:
  void add(evutil_socket_t fd) {
    auto* const buffered = bufferevent_socket_new(base_.get(), fd, BEV_OPT_CLOSE_ON_FREE);
    if (buffered == nullptr) return;
    Member& member = members_.add(std::make_unique<Member>(*this, buffered));
    bufferevent_setcb(buffered, handle_input, handle_drained, handle_end, &member);
    bufferevent_enable(buffered, EV_READ);
  }

  static void handle_input(bufferevent*, void* data) {
    auto& member = *static_cast<Member*>(data);
    if (member.server.service_ == Service::echo)
      evbuffer_add_buffer(member.output(), member.input());
    else
      member.server.send_to_others(member);
  }

  void send_to_others(const Member& sender) {
    while (true) {
      const int count = evbuffer_remove(sender.input(), lent_.data(), lent_.size());
      if (count <= 0) return;
      for (const auto& member : members_)
        if (member.get() != &sender && !member->ended)
          evbuffer_add(member->output(), lent_.data(), static_cast<std::size_t>(count));
    }
  }

  /// What was said before the end is still sent.
  static void handle_end(bufferevent*, short what, void* data) {
    auto& member = *static_cast<Member*>(data);
    member.ended = true;
    if ((what & BEV_EVENT_ERROR) || evbuffer_get_length(member.output()) == 0) member.server.members_.remove(member);
  }

  static void handle_drained(bufferevent*, void* data) {
    auto& member = *static_cast<Member*>(data);
    if (member.ended) member.server.members_.remove(member);
  }

  Service service_;
  Base base_{event_base_new()};
  Crew<std::unique_ptr<Member>> members_;
  std::vector<char> lent_ = std::vector<char>(lent_size);
};

}  // namespace

void serve_echo() { Server(Service::echo).serve(); }

void serve_chat() { Server(Service::chat).serve(); }

}  // namespace bench
