// One who is spoken to and never reads: it costs the server no more than its cap, and the others nothing.
#include "latency.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace reliability {
namespace {

constexpr long chat_cap_kib = 1024;  // Client::limit in lesson 07
constexpr long enough_kib = 256 * 1024;

/// Never reads. In an echo it has to speak to be spoken to; in a chat it is dropped for lagging, and comes again.
class Deaf {
 public:
  Deaf(const Subject& subject, int port) : thread_([this, kind = subject.kind, port] { stay(kind, port); }) {}
  Deaf(const Deaf&) = delete;
  Deaf& operator=(const Deaf&) = delete;
  ~Deaf() {
    over_ = true;
    thread_.join();
  }

 private:
  void stay(Kind kind, int port) {
    const std::string words(16'384, 'd');
    std::optional<Wire> wire;
    long said_kib = 0;
    while (!over_) {
      pollfd waiting{wire ? wire->fd() : -1, static_cast<short>(kind == Kind::echo ? POLLOUT : 0), 0};
      if (!wire || wire->gone() || (waiting.revents & (POLLERR | POLLHUP)) != 0)
        wire = Wire::connect(port, 500ms, 4096);
      if (!wire) {
        poll(nullptr, 0, 50);
        continue;
      }
      waiting.fd = said_kib > enough_kib ? -1 : wire->fd();
      poll(&waiting, 1, 20);
      if ((waiting.revents & (POLLERR | POLLHUP)) != 0)
        wire.reset();
      else if ((waiting.revents & POLLOUT) != 0)
        said_kib += static_cast<long>(wire->send_some(words) / 1024);
    }
  }

  std::atomic<bool> over_ = false;
  std::thread thread_;
};

Figure measure(const Subject& subject, const Scale& scale) {
  const auto every = subject.kind == Kind::chat ? 1'000us : 5'000us;
  const std::size_t size =
      subject.kind == Kind::chat ? 1'024 : 64;  // enough to fill what the kernel holds for the deaf
  Running running(subject);
  Asking asking(subject, running);
  asking.ask(200ms, every, size);
  const double without = p99(asking.ask(scale.pick(30'000ms, 1'500ms), every, size));
  const long before = running.server().resident_kib();

  std::vector<double> times;
  long grown = 0;
  {
    const Deaf deaf(subject, running.port());
    const auto end = Clock::now() + scale.pick(60'000ms, 3'000ms);
    while (Clock::now() < end && asking.answered() && running.server().running()) {
      const auto more = asking.ask(100ms, every, size);
      times.insert(times.end(), more.begin(), more.end());
      grown = std::max(grown, running.server().resident_kib() - before);
    }
  }
  if (!running.alive() || !running.server().running()) return {running.death()};
  if (!asking.answered()) return {"the others are not served any more"};
  const long cap = subject.kind == Kind::chat ? chat_cap_kib : 0;
  const double with = p99(times);
  const double megabytes = static_cast<double>(grown) / 1024;
  const std::string text = "memory +" + std::to_string(static_cast<long>(megabytes * 10 + 0.5) / 10) + "." +
                           std::to_string(static_cast<long>(megabytes * 10 + 0.5) % 10) + " MiB" +
                           (grown >= enough_kib / 2 ? " (then the measuring stops)" : "") + ", p99 " +
                           time_text(without) + " → " + time_text(with);
  return {text, grown <= cap + 4096 && with <= 2 * without ? Verdict::met : Verdict::missed};
}

}  // namespace

Row deaf_member() {
  return {.name = "deaf",
          .what = "a member of the chat (a client of the echo) that never reads, 60 s",
          .target = "memory ≤ its cap + 4 MiB, bystanders' p99 ≤ 2 ×",
          .measure = measure,
          .at_once = 12};
}

}  // namespace reliability
