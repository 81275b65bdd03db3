// One says as much as it can; another one asks.
#include "latency.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <thread>
#include <vector>

namespace reliability {
namespace {

/// Sends without a pause, and in an echo reads what comes back.
class Flood {
 public:
  Flood(const Subject& subject, int port)
      : wire_(Wire::connect(port)), writer_([this] { write(); }), reader_([this, echo = subject.kind == Kind::echo] {
          if (echo) read();
        }) {}
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;
  ~Flood() {
    over_ = true;
    writer_.join();
    reader_.join();
  }

 private:
  /// The server is measured, not how this machine shares its processors between it and these two threads.
  static void step_back() { setpriority(PRIO_PROCESS, static_cast<id_t>(gettid()), 15); }

  bool ready(short events) const {
    pollfd waiting{wire_->fd(), events, 0};
    return poll(&waiting, 1, 50) > 0 && (waiting.revents & events) != 0;
  }

  void write() {
    step_back();
    const std::string words(65'536, 'f');
    while (wire_ && !over_)
      if (ready(POLLOUT) && send(wire_->fd(), words.data(), words.size(), MSG_NOSIGNAL) < 0 && errno != EAGAIN) return;
  }

  void read() {
    step_back();
    std::vector<char> buffer(65'536);
    while (wire_ && !over_)
      if (ready(POLLIN) && recv(wire_->fd(), buffer.data(), buffer.size(), 0) == 0) return;
  }

  std::optional<Wire> wire_;
  std::atomic<bool> over_ = false;
  std::thread writer_;
  std::thread reader_;
};

struct Round {
  double alone = 0;
  double beside = 0;
  [[nodiscard]] double ratio() const { return alone > 0 ? beside / alone : 1e9; }
};

Figure measure(const Subject& subject, const Scale& scale) {
  const auto duration = scale.pick(2'000ms, 500ms);
  Running running(subject);
  Asking asking(subject, running);
  Round best;
  best.beside = 1e9;
  // The best of three: another process on this machine can only make a round worse.
  for (int round = 0; round < 3 && asking.answered(); ++round) {
    Round now;
    asking.ask(100ms, 1ms);
    now.alone = p99(asking.ask(duration, 1ms));
    const Flood flood(subject, running.port());
    asking.ask(100ms, 1ms);
    now.beside = p99(asking.ask(duration, 1ms));
    if (now.ratio() < best.ratio() && asking.answered()) best = now;
    if (best.ratio() <= 10) break;
    if (subject.ends_with_first_client) break;  // the flood ends now, and with it the server
  }
  if (!running.alive()) return {running.death()};
  if (best.alone == 0) return {"the asking one is not answered any more"};
  std::array<char, 32> times{};
  std::snprintf(times.data(), times.size(), "%.1f", best.ratio());
  return {"p99 " + time_text(best.alone) + " → " + time_text(best.beside) + " (× " + times.data() + ")",
          best.ratio() <= 10 ? Verdict::met : Verdict::missed};
}

}  // namespace

Row flood() {
  return {.name = "flood",
          .what = "one flooding client, one asking",
          .target = "the asking one's p99 ≤ 10 × idle",
          .measure = measure,
          .costly = true};
}

}  // namespace reliability
