// Raw epoll: the lower limit. No callback is called where none is needed, and the kernel returns a pointer.
#include "sockets.hpp"

#include <sys/epoll.h>
#include <sys/utsname.h>

#include <array>
#include <cerrno>
#include <span>

namespace bench {
namespace {

std::string about() {
  utsname system{};
  checked(uname(&system), "uname");
  const std::string release = system.release;
  return "raw epoll, Linux " + release.substr(0, release.find('.', release.find('.') + 1));
}

Descriptor make_epoll() { return Descriptor(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")); }

void control(const Descriptor& epoll, int operation, const Descriptor& socket, std::uint32_t events, void* data) {
  epoll_event event{.events = events, .data = {.ptr = data}};
  checked(epoll_ctl(epoll.fileno(), operation, socket.fileno(), &event), "epoll_ctl");
}

/// @param handle is called with the data that was registered with each event.
template <class Set, class Handle>
Measured run(const Load& load, const Handle& handle) {
  Set set(load);
  const Descriptor epoll = make_epoll();
  for (std::size_t i = 0; i < set.watched.size(); ++i)
    control(epoll, EPOLL_CTL_ADD, set.watched[i], EPOLLIN, &set.data(i));
  std::array<epoll_event, 1024> events{};
  return measure(load, set.tally, [&] {
    while (!set.tally.reached()) {
      const int count = epoll_wait(epoll.fileno(), events.data(), events.size(), -1);
      if (count < 0) {
        if (errno == EINTR) continue;
        fail("epoll_wait");
      }
      for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) handle(event.data.ptr);
    }
  });
}

Measured hot(const Load& load) {
  return run<HotSet>(load, [](void* data) { ++static_cast<Tally*>(data)->count; });
}

Measured dispatch(const Load& load) {
  return run<RingSet>(load, [](void* data) { pass_on(*static_cast<Station*>(data)); });
}

Phases ctl(int descriptors, long turns) {
  const auto sockets = idle_sockets(descriptors);
  const Descriptor epoll = make_epoll();
  const auto control_all = [&](int operation, std::uint32_t events) {
    for (const Descriptor& socket : sockets) control(epoll, operation, socket, events, nullptr);
  };
  return measure_phases(
      turns, [&] { control_all(EPOLL_CTL_ADD, EPOLLIN); }, [&] { control_all(EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT); },
      [&] { control_all(EPOLL_CTL_DEL, 0); });
}

}  // namespace

const Contestant contestant{.name = "raw",
                            .about = about,
                            .hot = hot,
                            .dispatch = dispatch,
                            .ctl = ctl,
                            .echo = serve_echo,
                            .chat = serve_chat,
                            .echo_with_lines = serve_echo_with_lines};

}  // namespace bench
