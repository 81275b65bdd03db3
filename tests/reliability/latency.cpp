#include "latency.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace reliability {
namespace {

/// Stands for a question: whatever else is said in the chat does not have it.
constexpr char mark = '?';

}  // namespace

Asking::Asking(const Subject& subject, Running& running) : speaker_(Wire::connect(running.port())) {
  const auto before = running.server().connections();
  if (subject.kind == Kind::chat) listener_ = Wire::connect(running.port());
  answered_ = speaker_ && (subject.kind == Kind::echo || listener_);
  running.holds(before + (listener_ ? 2 : 1), 500ms);
}

std::size_t Asking::drain(Wire& wire) {
  std::array<char, 65'536> buffer;
  std::size_t marks = 0;
  while (const auto count = wire.receive_some(buffer.data(), buffer.size()))
    marks +=
        static_cast<std::size_t>(std::count(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count), mark));
  return marks;
}

bool Asking::receive_answer(std::size_t size) {
  Wire& hears = listener_ ? *listener_ : *speaker_;
  const auto end = Clock::now() + 5s;
  for (std::size_t marks = drain(hears); marks < size; marks += drain(hears)) {
    pollfd waiting{hears.fd(), POLLIN, 0};
    if (hears.gone() || Clock::now() > end || poll(&waiting, 1, 5000) <= 0) return false;
  }
  return true;
}

void Asking::listen(std::chrono::microseconds duration) {
  const auto end = Clock::now() + duration;
  for (auto now = Clock::now(); answered_ && now < end; now = Clock::now()) {
    std::array<pollfd, 2> waiting{pollfd{speaker_->fd(), POLLIN, 0},
                                  pollfd{listener_ ? listener_->fd() : -1, POLLIN, 0}};
    const timespec rest{0, std::chrono::nanoseconds(end - now).count()};
    ppoll(waiting.data(), waiting.size(), &rest, nullptr);
    drain(*speaker_);
    if (listener_) drain(*listener_);
    answered_ = !speaker_->gone() && !(listener_ && listener_->gone());
  }
}

double Asking::ask_once(std::size_t size) {
  const std::string words(size, mark);
  const auto begin = Clock::now();
  answered_ = answered_ && speaker_->send(words, 5s) && receive_answer(size);
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
  if (met) return {text, Verdict::met};
  double load = 0;
  // What we run ourselves makes no more than two processes that are busy at a time.
  if (getloadavg(&load, 1) == 1 && load > 2.0 * static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN)))
    return {text + "; others use the machine, load " + decimal(load, 0), Verdict::not_measured};
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
