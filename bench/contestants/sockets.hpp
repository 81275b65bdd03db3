/// The sockets that the workloads watch, the same for every contestant.
#pragma once

#include "contestant.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace bench {

/// A descriptor that is closed at the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }

  [[nodiscard]] int fileno() const { return fd_; }

  /// Hands it to somebody else, who closes it.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// Sockets that nothing ever happens on, not even room to write: what is timed is the watching alone. Each takes one
/// descriptor: it listens, on a name of the kernel's choice, and nobody calls.
std::vector<Descriptor> idle_sockets(int count);

/// For `hot`: those that are ready have a byte waiting that nobody reads, so they are ready in each turn.
struct HotSet {
  explicit HotSet(const Load& load);

  /// What goes with each: the callback only counts.
  [[nodiscard]] Tally& data(std::size_t /*index*/) { return tally; }

  std::vector<Descriptor> watched;
  std::vector<Descriptor> partners;
  Tally tally;
};

/// Where a byte comes in, and where it goes on.
struct Station {
  int fd = -1;
  int next = -1;
  Tally* tally = nullptr;
};

/// For `dispatch`: pairs of sockets in a ring, twice as many as are active if so many are watched. Who reads a byte
/// from its socket writes one for the next in the ring, so that as many bytes as are active go round.
struct RingSet {
  explicit RingSet(const Load& load);

  /// What goes with each; nothing of use for the idle ones.
  [[nodiscard]] Station& data(std::size_t index) { return stations[index]; }

  std::vector<Descriptor> watched;
  std::vector<Descriptor> partners;  // in the ring's order
  std::vector<std::size_t> places;   // where in `watched` the partner of each is
  std::vector<Station> stations;     // one for each that is watched
  Tally tally;
};

/// The callback of `dispatch`. True for the event that reaches the goal.
inline bool pass_on(const Station& station) {
  char byte{};
  if (recv(station.fd, &byte, 1, 0) != 1) fail("recv of a byte");
  if (send(station.next, &byte, 1, MSG_NOSIGNAL) != 1) fail("send of a byte");
  return station.tally->add();
}

}  // namespace bench
