#include "echo.hpp"

#include "clients.hpp"
#include "plan.hpp"
#include "report/names.hpp"
#include "report/statistics.hpp"
#include "servers.hpp"

#include <cstring>
#include <stdexcept>

namespace bench {
namespace {

/// Text among which every connection and every request finds its own: people send text, and it is what 06 prints.
const std::string& pattern() {
  static const std::string bytes = [] {
    std::string text(65536 + 8192, '\0');
    std::uint32_t state = 1;
    for (auto& letter : text) letter = static_cast<char>('a' + ((state = state * 1664525U + 1013904223U) >> 24U) % 26);
    return text;
  }();
  return bytes;
}

class Load {
 public:
  Load(Service& service, const EchoLoad& load)
      : service_(service), load_(load), clients_(connect_to(service, load.connections)), states_(load.connections) {}

  EchoFigures run() {
    Poller poller(clients_);
    start_ = Clock::now();
    for (std::size_t i = 0; i < clients_.size(); ++i) ask(i, start_);
    while (waiting_ > 0)
      for (const std::size_t i : poller.wait()) read(i);
    close_orderly(clients_);
    if (latencies_.empty()) throw std::runtime_error("no request was answered while it was measured");
    const auto count = static_cast<double>(latencies_.size());
    return {count / std::chrono::duration<double>(time_).count(), static_cast<double>(cpu_.count()) / count,
            median(latencies_), percentile(latencies_, 0.99)};
  }

 private:
  enum class Phase { warming, measuring, ending };

  struct State {
    const char* message = nullptr;
    std::size_t received = 0;
    std::size_t asked = 0;
    Clock::time_point sent = {};
  };

  void ask(std::size_t i, Clock::time_point now) {
    State& state = states_[i];
    state.message = pattern().data() + (i * 251 + state.asked++ * 17) % 65536;
    state.received = 0;
    state.sent = now;
    send_all(clients_[i], state.message, load_.bytes);
    ++waiting_;
  }

  void read(std::size_t i) {
    State& state = states_[i];
    const auto count = receive(clients_[i], buffer_.data(), buffer_.size());
    if (state.received + count > load_.bytes || std::memcmp(buffer_.data(), state.message + state.received, count) != 0)
      throw std::runtime_error("other bytes came back than were sent");
    state.received += count;
    if (state.received < load_.bytes) return;
    --waiting_;
    const auto now = Clock::now();
    turn(now);
    if (phase_ == Phase::measuring)
      latencies_.push_back(std::chrono::duration<double, std::micro>(now - state.sent).count());
    if (phase_ != Phase::ending) ask(i, now);
  }

  void turn(Clock::time_point now) {
    if (phase_ == Phase::warming && now - start_ >= load_.warm_up) {
      phase_ = Phase::measuring;
      start_ = now;
      cpu_ = service_.cpu();
    } else if (phase_ == Phase::measuring && now - start_ >= load_.length) {
      phase_ = Phase::ending;
      time_ = now - start_;
      cpu_ = service_.cpu() - cpu_;
    }
  }

  Service& service_;
  EchoLoad load_;
  std::vector<Socket> clients_;
  std::vector<State> states_;
  std::size_t waiting_ = 0;
  Phase phase_ = Phase::warming;
  Clock::time_point start_ = {};
  Clock::duration time_ = {};
  std::chrono::nanoseconds cpu_ = {};
  std::vector<double> latencies_ = {};
  std::string buffer_ = std::string(65536, '\0');
};

}  // namespace

EchoFigures load_echo(Service& service, const EchoLoad& load) { return Load(service, load).run(); }

Steps echo(const std::vector<Contestant>& all, const Scale& scale) {
  Steps steps;
  const auto length = scale.pick(150ms, 80ms);
  const auto warm_up = scale.pick(30ms, 15ms);
  for (const std::size_t bytes : {64U, 4096U})
    for (const std::size_t count : {1U, 50U, 1000U}) {
      if (scale.quick && bytes == 4096 && count != 50) continue;
      if (scale.quick && count == 1000) continue;
      Step step{"echo", echo_of(static_cast<int>(count), static_cast<int>(bytes)), scale.rounds, 0.35, {}};
      for (const auto& server : echo_servers(all))
        step.entrants.push_back({server.name, [=] {
                                   const auto service = server.start();
                                   const auto figures = load_echo(*service, {count, bytes, warm_up, length});
                                   service->end();
                                   return std::vector<Measured>{{requests, figures.per_second, ""},
                                                                {cpu_per_request, figures.cpu_ns, "ns"},
                                                                {"median latency", figures.median_us, "µs"},
                                                                {"p99 latency", figures.p99_us, "µs"}};
                                 }});
      steps.push_back(std::move(step));
    }
  return steps;
}

}  // namespace bench
