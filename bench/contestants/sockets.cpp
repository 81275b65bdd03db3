#include "sockets.hpp"

#include <sys/un.h>

#include <algorithm>
#include <array>

namespace bench {
namespace {

constexpr int flags = SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC;

/// Replaces an idle socket by one end of a pair, and returns the other end.
Descriptor replace_by_pair(Descriptor& place) {
  std::array<int, 2> ends{};
  checked(socketpair(AF_UNIX, flags, 0, ends.data()), "socketpair");
  place = Descriptor(ends[0]);
  return Descriptor(ends[1]);
}

void send_byte(const Descriptor& to) {
  if (send(to.fileno(), "x", 1, MSG_NOSIGNAL) != 1) fail("send of a byte");
}

/// Returns the index of one of `count` sockets that are spread evenly over `all`, up to the last: a loop that searches
/// for ready sockets has to pass all the others.
std::size_t spread(int one, int count, std::size_t all) {
  return static_cast<std::size_t>(one + 1) * all / static_cast<std::size_t>(count) - 1;
}

}  // namespace

std::vector<Descriptor> idle_sockets(int count) {
  std::vector<Descriptor> sockets;
  for (int i = 0; i < count; ++i) {
    Descriptor& socket = sockets.emplace_back(checked(::socket(AF_UNIX, flags, 0), "socket"));
    const sockaddr_un any{.sun_family = AF_UNIX, .sun_path = {}};
    checked(bind(socket.fileno(), reinterpret_cast<const sockaddr*>(&any), sizeof any.sun_family), "bind");
    checked(listen(socket.fileno(), 1), "listen");
  }
  return sockets;
}

HotSet::HotSet(const Load& load) : watched(idle_sockets(load.descriptors)) {
  for (int i = 0; i < load.active; ++i) {
    partners.push_back(replace_by_pair(watched[spread(i, load.active, watched.size())]));
    send_byte(partners.back());
  }
}

RingSet::RingSet(const Load& load) : watched(idle_sockets(load.descriptors)), stations(watched.size()) {
  const int pairs = std::min(2 * load.active, load.descriptors);
  for (int i = 0; i < pairs; ++i) {
    places.push_back(spread(i, pairs, watched.size()));
    partners.push_back(replace_by_pair(watched[places.back()]));
  }
  for (std::size_t i = 0; i < places.size(); ++i)
    stations[places[i]] = {
        .fd = watched[places[i]].fileno(), .next = partners[(i + 1) % partners.size()].fileno(), .tally = &tally};
  for (int i = 0; i < load.active; ++i) send_byte(partners[spread(i, load.active, partners.size())]);
}

}  // namespace bench
