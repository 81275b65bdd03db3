/// The sockets that the workloads watch, the same for every contestant.
#pragma once

#include "contestant.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <utility>
#include <vector>

namespace bench {

/// A descriptor that this object owns and closes.
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

  /// Gives it up. The caller has to close it.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

/// Makes sockets on which nothing ever happens, not even room to write, so that only the watching is timed. Each takes
/// one descriptor: it listens, on a name that the kernel chooses, and no client connects.
std::vector<Descriptor> idle_sockets(int count);

/// For `hot`: each ready socket has a byte waiting that is never read, so it is ready in each turn.
struct HotSet {
  explicit HotSet(const Load& load);

  /// The data for each: the callback only counts.
  [[nodiscard]] Tally& data(std::size_t /*index*/) { return tally; }

  std::vector<Descriptor> watched;
  std::vector<Descriptor> partners;
  Tally tally;
};

/// Where a byte comes in, and where it is passed on.
struct Station {
  int fd = -1;
  int next = -1;
  Tally* tally = nullptr;
};

/// For `dispatch`: pairs of sockets in a ring, twice as many as are active (if that many are watched). The callback
/// reads a byte from its socket and writes one for the next socket in the ring, so as many bytes as are active go
/// round.
struct RingSet {
  explicit RingSet(const Load& load);

  /// The data for each; not used for the idle ones.
  [[nodiscard]] Station& data(std::size_t index) { return stations[index]; }

  std::vector<Descriptor> watched;
  std::vector<Descriptor> partners;  // in the ring's order
  std::vector<std::size_t> places;   // where in `watched` the partner of each is
  std::vector<Station> stations;     // one for each that is watched
  Tally tally;
};

/// The callback of `dispatch`. Returns true for the event that reaches the goal.
inline bool pass_on(const Station& station) {
  char byte{};
  if (recv(station.fd, &byte, 1, 0) != 1) fail("recv of a byte");
  if (send(station.next, &byte, 1, MSG_NOSIGNAL) != 1) fail("send of a byte");
  return station.tally->add();
}

}  // namespace bench
