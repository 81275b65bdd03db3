// Clients of an echo server. Each sends its message again when all of it has come back.
#include "clients.hpp"
#include "load.hpp"

#include <cstring>
#include <stdexcept>

namespace load {
namespace {

constexpr std::size_t longest = 1'000'000;

/// A text from which every connection and every request takes its own part. It is text because people send text, and
/// lesson 06 prints it.
const std::string& pattern() {
  static const std::string bytes = [] {
    std::string text(65536 + longest, '\0');
    std::uint32_t state = 1;
    for (auto& letter : text) letter = static_cast<char>('a' + ((state = state * 1664525U + 1013904223U) >> 24U) % 26);
    return text;
  }();
  return bytes;
}

class Load {
 public:
  Load(Server& server, const Asked& asked)
      : server_(server),
        bytes_(asked["bytes"]),
        warm_up_(asked["warm_up"]),
        length_(asked["length"]),
        clients_(connect_to(server, asked["connections"])),
        states_(clients_.size()) {
    if (bytes_ > longest) throw std::invalid_argument("bytes=" + std::to_string(bytes_) + " is too much");
  }

  std::string run() {
    Poller poller(clients_);
    start_ = Clock::now();
    for (std::size_t i = 0; i < clients_.size(); ++i) ask(i, start_);
    while (waiting_ > 0)
      for (const std::size_t i : poller.wait()) read(i);
    close_orderly(clients_);
    if (latencies_.empty()) throw std::runtime_error("no request was answered while it was measured");
    return as_json(
        {{"seconds", std::chrono::duration<double>(time_).count()}, {"cpu_ns", static_cast<double>(cpu_.count())}},
        latencies_);
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
    send_all(clients_[i], state.message, bytes_);
    ++waiting_;
  }

  void read(std::size_t i) {
    State& state = states_[i];
    const auto count = receive(clients_[i], buffer_.data(), buffer_.size());
    if (state.received + count > bytes_ || std::memcmp(buffer_.data(), state.message + state.received, count) != 0)
      throw std::runtime_error("other bytes came back than were sent");
    state.received += count;
    if (state.received < bytes_) return;
    --waiting_;
    const auto now = Clock::now();
    turn(now);
    if (phase_ == Phase::measuring)
      latencies_.push_back(std::chrono::duration<double, std::micro>(now - state.sent).count());
    if (phase_ != Phase::ending) ask(i, now);
  }

  void turn(Clock::time_point now) {
    if (phase_ == Phase::warming && now - start_ >= warm_up_) {
      phase_ = Phase::measuring;
      start_ = now;
      cpu_ = support::cpu_time(server_.pid());
    } else if (phase_ == Phase::measuring && now - start_ >= length_) {
      phase_ = Phase::ending;
      time_ = now - start_;
      cpu_ = support::cpu_time(server_.pid()) - cpu_;
    }
  }

  Server& server_;
  std::size_t bytes_;
  std::chrono::milliseconds warm_up_;
  std::chrono::milliseconds length_;
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

std::string echo(Server& server, const Asked& asked) { return Load(server, asked).run(); }

}  // namespace load
