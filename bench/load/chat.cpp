// Members of a chat. Some of them speak, and all of them check every byte that they should hear.
#include "clients.hpp"
#include "heard.hpp"
#include "load.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace load {
namespace {

class Load {
 public:
  Load(Server& server, const Asked& asked)
      : server_(server),
        bytes_(asked["bytes"]),
        speaking_(asked["speaking"]),
        on_the_way_(asked["on_the_way"]),
        warm_up_(asked["warm_up"]),
        length_(asked["length"]),
        messages_(asked["messages"]),
        clients_(connect_to(server, asked["members"] + asked["deaf"])),
        heard_(asked["members"], bytes_),
        last_(asked["members"]) {
    if (speaking_ > speakers || speaking_ > asked["members"] || bytes_ > Speech::longest)
      throw std::invalid_argument("there are " + std::to_string(speakers) + " speakers at the most, and messages of " +
                                  std::to_string(Speech::longest) + " bytes");
    if (asked["deaf"] > 0) {
      deaf_.push_back(std::move(clients_.back()));
      clients_.pop_back();
    }
  }

  std::string run() {
    Poller poller(clients_);
    support::forget_peak(server_.pid());
    const double memory = support::resident_bytes(server_.pid());
    start_ = Clock::now();
    std::fill(last_.begin(), last_.end(), start_);
    if (messages_ > 0) begin_measuring(start_);
    speak();
    while (!all_is_heard()) {
      for (const std::size_t member : poller.wait()) read(member);
      turn();
      if (phase_ != Phase::ending) speak();
    }
    if (messages_ > 0) end_measuring(Clock::now());
    const double growth = support::resident_bytes(server_.pid()) - memory;
    const double peak_growth = support::peak_bytes(server_.pid()) - memory;
    deaf_.clear();
    close_orderly(clients_);
    return as_json({{"seconds", std::chrono::duration<double>(time_).count()},
                    {"cpu_ns", static_cast<double>(cpu_.count())},
                    {"deliveries", static_cast<double>(deliveries_)},
                    {"said_bytes", static_cast<double>(said() * bytes_)},
                    {"pause_ms", std::chrono::duration<double, std::milli>(pause_).count()},
                    {"growth_bytes", growth},
                    {"peak_growth_bytes", peak_growth}},
                   latencies_);
  }

 private:
  enum class Phase { warming, measuring, ending };

  std::uint64_t said() const {
    std::uint64_t sum = 0;
    for (const auto messages : said_) sum += messages;
    return sum;
  }

  bool all_is_heard() const {
    if (phase_ != Phase::ending && said() < messages_) return false;
    if (phase_ != Phase::ending && messages_ == 0) return false;
    for (std::size_t speaker = 0; speaker < speakers; ++speaker)
      if (heard_.by_all(speaker) < said_[speaker]) return false;
    return true;
  }

  void speak() {
    for (std::size_t speaker = 0; speaker < speaking_; ++speaker)
      while (said_[speaker] - heard_.by_all(speaker) < on_the_way_ && (messages_ == 0 || said() < messages_)) {
        const auto now = Clock::now();
        if (phase_ == Phase::measuring && on_the_way_ == 1)
          latencies_.push_back(std::chrono::duration<double, std::micro>(now - spoke_[speaker]).count());
        spoke_[speaker] = now;
        send_all(clients_[speaker], speech_.from(speaker, said_[speaker]++ * bytes_), bytes_);
      }
  }

  void read(std::size_t member) {
    const auto count = receive(clients_[member], buffer_.data(), buffer_.size());
    heard_.take(member, {buffer_.data(), count});
    const auto now = Clock::now();
    if (phase_ == Phase::measuring) pause_ = std::max(pause_, now - last_[member]);
    last_[member] = now;
  }

  void turn() {
    const auto now = Clock::now();
    if (messages_ > 0) return;
    if (phase_ == Phase::warming && now - start_ >= warm_up_) {
      begin_measuring(now);
    } else if (phase_ == Phase::measuring && now - start_ >= length_) {
      end_measuring(now);
      phase_ = Phase::ending;
    }
  }

  void begin_measuring(Clock::time_point now) {
    phase_ = Phase::measuring;
    start_ = now;
    cpu_ = support::cpu_time(server_.pid());
    deliveries_ = heard_.deliveries();
  }

  void end_measuring(Clock::time_point now) {
    time_ = now - start_;
    cpu_ = support::cpu_time(server_.pid()) - cpu_;
    deliveries_ = heard_.deliveries() - deliveries_;
  }

  Server& server_;
  std::size_t bytes_;
  std::size_t speaking_;
  std::size_t on_the_way_;
  std::chrono::milliseconds warm_up_;
  std::chrono::milliseconds length_;
  std::uint64_t messages_;
  std::vector<Socket> clients_;
  std::vector<Socket> deaf_ = {};
  Speech speech_ = {};
  Heard heard_;
  std::array<std::uint64_t, speakers> said_ = {};
  std::array<Clock::time_point, speakers> spoke_ = {};
  std::vector<double> latencies_ = {};
  std::vector<Clock::time_point> last_;  // when each member last heard something
  Phase phase_ = Phase::warming;
  Clock::time_point start_ = {};
  Clock::duration time_ = {};
  Clock::duration pause_ = {};
  std::chrono::nanoseconds cpu_ = {};
  std::uint64_t deliveries_ = 0;
  std::string buffer_ = std::string(Speech::chunk, '\0');
};

}  // namespace

std::string chat(Server& server, const Asked& asked) { return Load(server, asked).run(); }

}  // namespace load
