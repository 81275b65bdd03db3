// One says as much as it can; another one asks.
#include "latency.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <thread>
#include <vector>

namespace reliability {
namespace {

/// Sends without a pause, and in an echo reads what comes back. In a chat it is as fast as the others read: they would
/// rightly be dropped if more piled up for them, and how fast they are is not the server's doing.
class Flood {
 public:
  Flood(const Subject& subject, int port, const Asking& others)
      : others_(others),
        chat_(subject.kind == Kind::chat),
        heard_before_(others.heard()),
        wire_(Wire::connect(port)),
        writer_([this] { write(); }),
        reader_([this] {
          if (!chat_) read();
        }) {}
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;
  ~Flood() {
    over_ = true;
    writer_.join();
    reader_.join();
  }

  /// Begins to count what it says.
  void forget() { said_ = 0; }

  [[nodiscard]] double mib() const { return static_cast<double>(said_) / 1'048'576; }

 private:
  /// The server is measured, not how this machine shares its processors between it and these two threads: they run as
  /// fast as they can, and give way to whoever of us has something to do.
  static void step_back() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), getpriority(PRIO_PROCESS, 0) + 10); }

  bool ready(short events) const {
    pollfd waiting{wire_->fd(), events, 0};
    return poll(&waiting, 1, 50) > 0 && (waiting.revents & events) != 0;
  }

  void write() {
    step_back();
    const std::string words(65'536, 'f');
    for (std::uint64_t all = 0; wire_ && !over_;) {
      const bool far_ahead = chat_ && all > others_.heard() - heard_before_ + 262'144;
      if (far_ahead || !ready(POLLOUT)) {
        std::this_thread::yield();
        continue;
      }
      const auto sent = send(wire_->fd(), words.data(), words.size(), MSG_NOSIGNAL);
      if (sent > 0) {
        said_ += static_cast<std::uint64_t>(sent);
        all += static_cast<std::uint64_t>(sent);
      }
      if (sent < 0 && errno != EAGAIN) return;
    }
  }

  void read() {
    step_back();
    std::vector<char> buffer(65'536);
    while (wire_ && !over_)
      if (ready(POLLIN) && recv(wire_->fd(), buffer.data(), buffer.size(), 0) == 0) return;
  }

  const Asking& others_;
  const bool chat_;
  const std::uint64_t heard_before_;
  std::optional<Wire> wire_;
  std::atomic<bool> over_ = false;
  std::atomic<std::uint64_t> said_ = 0;
  std::thread writer_;
  std::thread reader_;
};

struct Round {
  double alone = 0;
  double beside = 0;
  double mib_per_second = 0;
  std::string death = {};
  bool answered = true;

  // What is shorter idle tells which processor's cache was warm, and not how a server divides its time.
  static constexpr double shortest_idle = 100;

  [[nodiscard]] bool met() const { return beside <= 10 * std::max(alone, shortest_idle); }
};

Round measured_once(const Subject& subject, std::chrono::milliseconds duration) {
  Running running(subject);
  Asking asking(subject, running);
  Round round;
  asking.ask(50ms, 1ms);
  round.alone = p99(asking.ask(duration, 1ms));
  Flood flood(subject, running.port(), asking);
  asking.ask(50ms, 1ms);
  flood.forget();
  round.beside = p99(asking.ask(duration, 1ms));
  round.mib_per_second = flood.mib() / std::chrono::duration<double>(duration).count();
  round.answered = asking.answered();
  if (!running.server().running()) round.death = running.death();
  return round;
}

Figure measure(const Subject& subject, const Scale& scale) {
  std::optional<Round> best;
  // What else runs on this machine can only make a p99 worse, so of several rounds the least counts, of both.
  for (int i = 0; i < 10 && (i < scale.pick(3, 1) || !best || !best->met()); ++i) {
    const Round round = measured_once(subject, scale.pick(1'000ms, 300ms));
    if (!round.death.empty()) return {round.death};
    if (!round.answered) return judged("the asking client is no longer answered", false);
    if (!best) best = round;
    best->alone = std::min(best->alone, round.alone);
    if (round.beside < best->beside) {
      best->beside = round.beside;
      best->mib_per_second = round.mib_per_second;
    }
  }
  return judged("p99 " + time_text(best->alone) + " → " + time_text(best->beside) + " (× " +
                    decimal(best->beside / best->alone, 1) + ", flood " + decimal(best->mib_per_second, 0) + " MiB/s)",
                best->met());
}

}  // namespace

Row flood() {
  return {.name = "flood",
          .what = "one client floods, another one asks",
          .target = "the asking client's p99 ≤ 10 × idle, or ≤ 1 ms",
          .measure = measure,
          .costly = true};
}

}  // namespace reliability
