// A client that never reads what it is sent: it costs the server no more than its cap, and the others nothing.
#include "latency.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

namespace reliability {
namespace {

constexpr long chat_cap_kib = 1024;  // Client::limit in lesson 07
constexpr long enough_kib = 262'144;

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

struct Outcome {
  double without = 0;
  double with = 0;
  long grown_kib = 0;
  std::string failed = {};

  [[nodiscard]] bool met(long cap_kib) const {
    return failed.empty() && grown_kib <= cap_kib + 4096 && with <= 2 * without;
  }
};

/// Two servers of the kind at the same time, asked in turn, the one with somebody deaf and the other without: whatever
/// else goes on in this machine is felt by both. Each is asked after a pause of its own: who is asked right after the
/// other shares the processors with what the other still has to do.
Outcome listen_for(const Subject& subject, std::chrono::milliseconds duration) {
  const bool chat = subject.kind == Kind::chat;
  const std::chrono::microseconds pause = chat ? 500us : 2'500us;
  const std::size_t size = chat ? 1'024 : 64;  // enough to fill what the kernel holds for the deaf
  Running alone(subject);
  Running beside(subject);
  Asking asking_alone(subject, alone);
  Asking asking_beside(subject, beside);
  const long before = beside.server().resident_kib();
  const Deaf deaf(subject, beside.port());
  Outcome outcome;
  std::vector<double> without;
  std::vector<double> with;
  const auto end = Clock::now() + duration;
  while (Clock::now() < end) {
    asking_alone.listen(pause);
    without.push_back(asking_alone.ask_once(size));
    asking_beside.listen(pause);
    with.push_back(asking_beside.ask_once(size));
    if (!beside.server().running()) outcome.failed = beside.death();
    if (!asking_alone.answered() || !asking_beside.answered()) break;
    if (with.size() % 32 == 0) outcome.grown_kib = std::max(outcome.grown_kib, beside.server().resident_kib() - before);
  }
  if (!beside.server().running()) outcome.failed = beside.death();
  if (outcome.failed.empty() && !asking_beside.answered()) outcome.failed = "the other clients are no longer served";
  outcome.without = p99(without);
  outcome.with = p99(with);
  return outcome;
}

Figure measure(const Subject& subject, const Scale& scale) {
  const long cap = subject.kind == Kind::chat ? chat_cap_kib : 0;
  Outcome outcome;
  // A p99 of few samples is a matter of luck: the short form takes the best of three.
  for (int round = 0; round < scale.pick(1, 3) && (round == 0 || !outcome.met(cap)); ++round)
    outcome = listen_for(subject, scale.pick(60'000ms, 5'000ms));
  if (!outcome.failed.empty()) return {outcome.failed};
  const std::string text = "memory +" + decimal(static_cast<double>(outcome.grown_kib) / 1024, 1) + " MiB" +
                           (outcome.grown_kib >= enough_kib / 2 ? " (the test sends no more)" : "") + ", p99 " +
                           time_text(outcome.without) + " → " + time_text(outcome.with);
  if (outcome.grown_kib > cap + 4096) return {text};
  return judged(text, outcome.met(cap));
}

}  // namespace

Row deaf_member() {
  return {.name = "deaf",
          .what = "a member of the chat (a client of the echo) that never reads, 60 s",
          .target = "memory ≤ its limit + 4 MiB, bystanders' p99 ≤ 2 ×",
          .measure = measure,
          .at_once = 12,
          .costly = true};
}

}  // namespace reliability
