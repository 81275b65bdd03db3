// libevent: one persistent event for each descriptor, in memory that was allocated before.
#include "libevent.hpp"
#include "sockets.hpp"

#include <event2/event_struct.h>

namespace bench {
namespace {

std::string about() { return std::string("libevent ") + event_get_version(); }

/// An event that is removed from its base at the end.
struct Watch {
  Watch() = default;
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;
  ~Watch() { event_del(&watcher); }

  void assign(const Base& base, const Descriptor& socket, short events, event_callback_fn callback, void* data) {
    checked(
        event_assign(&watcher, base.get(), socket.fileno(), static_cast<short>(events | EV_PERSIST), callback, data),
        "event_assign");
  }

  void add() { checked(event_add(&watcher, nullptr), "event_add"); }

  void remove() { checked(event_del(&watcher), "event_del"); }

  event watcher{};
};

template <class Set>
Measured run(const Load& load, event_callback_fn callback) {
  Set set(load);
  const Base base(event_base_new());
  set.tally.loop = base.get();
  std::vector<Watch> watches(set.watched.size());
  for (std::size_t i = 0; i < watches.size(); ++i) {
    watches[i].assign(base, set.watched[i], EV_READ, callback, &set.data(i));
    watches[i].add();
  }
  return measure(load, set.tally, [&] { event_base_dispatch(base.get()); });
}

void end_loop(const Tally& tally) { event_base_loopbreak(static_cast<event_base*>(tally.loop)); }

Measured hot(const Load& load) {
  return run<HotSet>(load, [](evutil_socket_t, short, void* data) {
    auto& tally = *static_cast<Tally*>(data);
    if (tally.add()) end_loop(tally);
  });
}

Measured dispatch(const Load& load) {
  return run<RingSet>(load, [](evutil_socket_t, short, void* data) {
    const auto& station = *static_cast<Station*>(data);
    if (pass_on(station)) end_loop(*station.tally);
  });
}

/// An event's mask cannot be changed while it is in the base. To wait for writing too, a second event is added, as in
/// libevent's own bufferevents. That is one system call; removing the first and adding it again would be two.
Phases ctl(int descriptors, long turns) {
  const auto sockets = idle_sockets(descriptors);
  const Base base(event_base_new());
  std::vector<Watch> readers(sockets.size());
  std::vector<Watch> writers(sockets.size());
  const event_callback_fn callback = [](evutil_socket_t, short, void*) {};
  return measure_phases(
      turns,
      [&] {
        for (std::size_t i = 0; i < sockets.size(); ++i) {
          readers[i].assign(base, sockets[i], EV_READ, callback, nullptr);
          readers[i].add();
        }
      },
      [&] {
        for (std::size_t i = 0; i < sockets.size(); ++i) {
          writers[i].assign(base, sockets[i], EV_WRITE, callback, nullptr);
          writers[i].add();
        }
      },
      [&] {
        for (std::size_t i = 0; i < sockets.size(); ++i) {
          readers[i].remove();
          writers[i].remove();
        }
      });
}

}  // namespace

const Contestant contestant{.name = "libevent",
                            .about = about,
                            .hot = hot,
                            .dispatch = dispatch,
                            .ctl = ctl,
                            .echo = serve_echo,
                            .chat = serve_chat};

}  // namespace bench
