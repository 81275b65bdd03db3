#include "latency.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>

namespace reliability {
namespace {

/// Stands for a question: whatever else is said in the chat does not have it.
constexpr char mark = '?';

/// How the machine's processors were used until now, in seconds of one of them.
class Processors {
 public:
  Processors() {
    std::string cpu;
    double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
    std::ifstream("/proc/stat") >> cpu >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal;
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    all_ = (user + nice + system + steal) / ticks;
    for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
      rusage used{};
      getrusage(who, &used);
      for (const auto& time : {used.ru_utime, used.ru_stime})
        ours_ += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    }
  }

  /// Which part of them was neither ours nor idle: other programs had it, or other machines on the same host.
  [[nodiscard]] double others_since(const Processors& before) const {
    const double passed = std::chrono::duration<double>(at_ - before.at_).count();
    const double others = all_ - before.all_ - (ours_ - before.ours_);
    return others / (passed * static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN)));
  }

 private:
  Clock::time_point at_ = Clock::now();
  double all_ = 0;
  double ours_ = 0;
};

}  // namespace

Asking::Asking(const Subject& subject, Running& running) {
  speaker_.wire = Wire::connect(running.port());
  const auto before = running.server().connections();
  if (subject.kind == Kind::chat) listener_.wire = Wire::connect(running.port());
  answered_ = speaker_.wire && (subject.kind == Kind::echo || listener_.wire);
  running.holds(before + (listener_.wire ? 2 : 1), 500ms);
}

std::uint64_t Asking::heard() const {
  return listener_.wire ? std::min<std::uint64_t>(speaker_.heard, listener_.heard) : speaker_.heard.load();
}

std::size_t Asking::Member::hear() {
  if (!wire) return 0;
  std::array<char, 65'536> buffer;
  const auto count = wire->receive_some(buffer.data(), buffer.size());
  heard += count;
  return static_cast<std::size_t>(
      std::count(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count), mark));
}

std::size_t Asking::hear(std::chrono::nanoseconds patience) {
  std::array<pollfd, 2> waiting{pollfd{speaker_.wire->fd(), POLLIN, 0},
                                pollfd{listener_.wire ? listener_.wire->fd() : -1, POLLIN, 0}};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(patience);
  const timespec most{seconds.count(), (patience - seconds).count()};
  ppoll(waiting.data(), waiting.size(), &most, nullptr);
  const std::size_t own = speaker_.hear();
  const std::size_t marks = listener_.wire ? listener_.hear() : own;
  answered_ = !speaker_.wire->gone() && !(listener_.wire && listener_.wire->gone());
  return marks;
}

void Asking::listen(std::chrono::microseconds duration) {
  const auto end = Clock::now() + duration;
  for (auto now = Clock::now(); answered_ && now < end; now = Clock::now()) hear(end - now);
}

double Asking::ask_once(std::size_t size) {
  const std::string words(size, mark);
  const auto begin = Clock::now();
  answered_ = answered_ && speaker_.wire->send(words, 5s);
  for (std::size_t marks = 0; answered_ && marks < size; marks += hear(5s))
    if (Clock::now() > begin + 5s) answered_ = false;
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

std::vector<double> Asking::ask(std::chrono::milliseconds duration, std::chrono::microseconds pause) {
  std::vector<double> times;
  const auto end = Clock::now() + duration;
  while (answered_ && Clock::now() < end) {
    listen(pause);
    times.push_back(ask_once(64));
  }
  return times;
}

Figure judged(const std::string& text, bool met) {
  static Processors before;  // since the verdict before this one
  const Processors now;
  const double others = now.others_since(before);
  before = now;
  if (met) return {text, Verdict::met};
  if (others > 0.1)
    return {text + "; other programs used " + decimal(100 * others, 0) + " % of the processors", Verdict::not_measured};
  return {text};
}

double p99(std::vector<double> values) {
  if (values.empty()) return 0;
  const auto place = values.begin() + static_cast<std::ptrdiff_t>(values.size() * 99 / 100);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

std::string time_text(double microseconds) {
  return microseconds < 1000 ? decimal(microseconds, 0) + " µs" : decimal(microseconds / 1000, 2) + " ms";
}

}  // namespace reliability
