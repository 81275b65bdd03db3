#include "chat.hpp"

#include "clients.hpp"
#include "plan.hpp"
#include "report/heard.hpp"
#include "report/names.hpp"
#include "servers.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace bench {
namespace {

class Load {
 public:
  Load(Service& service, const ChatLoad& load)
      : service_(service),
        load_(load),
        clients_(connect_to(service, load.members + (load.deaf ? 1 : 0))),
        heard_(load.members, load.bytes),
        last_(load.members) {
    if (load.deaf) {
      deaf_.push_back(std::move(clients_.back()));
      clients_.pop_back();
    }
  }

  ChatFigures run() {
    Poller poller(clients_);
    service_.forget_peak();
    const double memory = service_.resident_bytes();
    start_ = Clock::now();
    std::fill(last_.begin(), last_.end(), start_);
    if (load_.messages > 0) begin_measuring(start_);
    speak();
    while (!all_is_heard()) {
      for (const std::size_t member : poller.wait()) read(member);
      turn();
      if (phase_ != Phase::ending) speak();
    }
    if (load_.messages > 0) end_measuring(Clock::now());
    const double growth = service_.resident_bytes() - memory;
    const double peak_growth = service_.peak_bytes() - memory;
    service_.check();
    deaf_.clear();
    close_orderly(clients_);
    const auto count = static_cast<double>(deliveries_);
    return {count / std::chrono::duration<double>(time_).count(), static_cast<double>(cpu_.count()) / count,
            std::chrono::duration<double, std::milli>(pause_).count(),
            growth / static_cast<double>(said() * load_.bytes), peak_growth};
  }

 private:
  enum class Phase { warming, measuring, ending };

  std::uint64_t said() const {
    std::uint64_t sum = 0;
    for (const auto messages : said_) sum += messages;
    return sum;
  }

  bool all_is_heard() const {
    if (phase_ != Phase::ending && said() < load_.messages) return false;
    if (phase_ != Phase::ending && load_.messages == 0) return false;
    for (std::size_t speaker = 0; speaker < speakers; ++speaker)
      if (heard_.by_all(speaker) < said_[speaker]) return false;
    return true;
  }

  void speak() {
    for (std::size_t speaker = 0; speaker < speakers; ++speaker)
      while (said_[speaker] - heard_.by_all(speaker) < load_.on_the_way &&
             (load_.messages == 0 || said() < load_.messages))
        send_all(clients_[speaker], speech_.from(speaker, said_[speaker]++ * load_.bytes), load_.bytes);
  }

  void read(std::size_t member) {
    const auto count = receive(clients_[member], buffer_.data(), buffer_.size());
    heard_.take(member, {buffer_.data(), count});
    if (member < speakers) acknowledge(clients_[member]);
    const auto now = Clock::now();
    if (phase_ == Phase::measuring) pause_ = std::max(pause_, now - last_[member]);
    last_[member] = now;
  }

  void turn() {
    const auto now = Clock::now();
    if (load_.messages > 0) return;
    if (phase_ == Phase::warming && now - start_ >= load_.warm_up) {
      begin_measuring(now);
    } else if (phase_ == Phase::measuring && now - start_ >= load_.length) {
      end_measuring(now);
      phase_ = Phase::ending;
    }
  }

  void begin_measuring(Clock::time_point now) {
    phase_ = Phase::measuring;
    start_ = now;
    cpu_ = service_.cpu();
    deliveries_ = heard_.deliveries();
  }

  void end_measuring(Clock::time_point now) {
    time_ = now - start_;
    cpu_ = service_.cpu() - cpu_;
    deliveries_ = heard_.deliveries() - deliveries_;
  }

  Service& service_;
  ChatLoad load_;
  std::vector<Socket> clients_;
  std::vector<Socket> deaf_ = {};
  Speech speech_ = {};
  Heard heard_;
  std::array<std::uint64_t, speakers> said_ = {};
  std::vector<Clock::time_point> last_;  // when each member has heard something
  Phase phase_ = Phase::warming;
  Clock::time_point start_ = {};
  Clock::duration time_ = {};
  Clock::duration pause_ = {};
  std::chrono::nanoseconds cpu_ = {};
  std::uint64_t deliveries_ = 0;
  std::string buffer_ = std::string(Speech::chunk, '\0');
};

}  // namespace

ChatFigures load_chat(Service& service, const ChatLoad& load) { return Load(service, load).run(); }

Steps chat(const std::vector<Contestant>& all, const Scale& scale) {
  Steps steps;
  for (const std::size_t count : {10U, 100U, 1000U}) {
    if (scale.quick && count == 10) continue;
    const ChatLoad load{.members = count, .warm_up = scale.pick(30ms, 20ms), .length = scale.pick(150ms, 80ms)};
    Step step{"chat", members(static_cast<int>(count)), scale.rounds, 0.4, {}};
    for (const auto& server : chat_servers(all))
      step.entrants.push_back({server.name, [=] {
                                 const auto service = server.start();
                                 const auto figures = load_chat(*service, load);
                                 service->end();
                                 return std::vector<Measured>{{deliveries, figures.deliveries_per_second, ""},
                                                              {cpu_per_delivery, figures.cpu_ns, "ns"}};
                               }});
    steps.push_back(std::move(step));
  }
  return steps;
}

Steps slow(const std::vector<Contestant>& all, const Scale& scale) {
  const ChatLoad load{.members = 20, .deaf = true, .bytes = 4096, .messages = scale.pick(4096U, 2048U)};
  Step step{"slow", one_deaf, scale.pick(std::min(scale.rounds, 3), 1), 0.6, {}};
  for (const auto& server : chat_servers(all))
    step.entrants.push_back({server.name, [=] {
                               const auto service = server.start();
                               const auto figures = load_chat(*service, load);
                               service->end();
                               return std::vector<Measured>{{deliveries, figures.deliveries_per_second, ""},
                                                            {peak_growth, figures.peak_growth_bytes / (1 << 20), "MiB"},
                                                            {kept_per_byte, figures.kept_per_byte, ""},
                                                            {longest_pause, figures.longest_pause_ms, "ms"}};
                             }});
  return {step};
}

}  // namespace bench
