// libev: one ev_io for each descriptor.
#include "libev.hpp"
#include "sockets.hpp"

namespace bench {
namespace {

std::string about() { return "libev " + std::to_string(ev_version_major()) + '.' + std::to_string(ev_version_minor()); }

using Callback = void (*)(struct ev_loop*, ev_io*, int);

template <class Set>
Measured run(const Load& load, Callback callback) {
  Set set(load);
  const Loop loop = make_loop();
  std::vector<ev_io> watchers(set.watched.size());
  for (std::size_t i = 0; i < watchers.size(); ++i) {
    ev_io_init(&watchers[i], callback, set.watched[i].fileno(), EV_READ);
    watchers[i].data = &set.data(i);
    ev_io_start(loop.get(), &watchers[i]);
  }
  return measure(load, set.tally, [&] { ev_run(loop.get(), 0); });
}

Measured hot(const Load& load) {
  return run<HotSet>(load, [](struct ev_loop* loop, ev_io* watcher, int) {
    if (static_cast<Tally*>(watcher->data)->add()) ev_break(loop, EVBREAK_ALL);
  });
}

Measured dispatch(const Load& load) {
  return run<RingSet>(load, [](struct ev_loop* loop, ev_io* watcher, int) {
    if (pass_on(*static_cast<Station*>(watcher->data))) ev_break(loop, EVBREAK_ALL);
  });
}

/// libev passes changes to the kernel when the loop next runs. It never removes a descriptor from the kernel's set,
/// because it expects that the descriptor will be closed. So its last phase costs almost nothing, and from the second
/// turn on its first phase finds everything already there.
Phases ctl(int descriptors, long turns) {
  const auto sockets = idle_sockets(descriptors);
  const Loop loop = make_loop();
  std::vector<ev_io> watchers(sockets.size());
  const Callback callback = [](struct ev_loop*, ev_io*, int) {};
  return measure_phases(
      turns,
      [&] {
        for (std::size_t i = 0; i < sockets.size(); ++i) {
          ev_io_init(&watchers[i], callback, sockets[i].fileno(), EV_READ);
          ev_io_start(loop.get(), &watchers[i]);
        }
        ev_run(loop.get(), EVRUN_NOWAIT);
      },
      [&] {
        for (ev_io& watcher : watchers) {
          ev_io_stop(loop.get(), &watcher);
          ev_io_modify(&watcher, EV_READ | EV_WRITE);
          ev_io_start(loop.get(), &watcher);
        }
        ev_run(loop.get(), EVRUN_NOWAIT);
      },
      [&] {
        for (ev_io& watcher : watchers) ev_io_stop(loop.get(), &watcher);
        ev_run(loop.get(), EVRUN_NOWAIT);
      });
}

}  // namespace

const Contestant contestant{.name = "libev",
                            .about = about,
                            .hot = hot,
                            .dispatch = dispatch,
                            .ctl = ctl,
                            .echo = serve_echo,
                            .chat = serve_chat};

}  // namespace bench
