// A signal every millisecond, whose handler does nothing but interrupt.
#include "running.hpp"
#include "wire.hpp"

namespace reliability {
namespace {

Figure measure(const Subject& subject, const Scale& scale) {
  const int count = scale.pick(10'000, 1'000);
  support::Start start;
  start.preload = SHIM_STORM;
  Running running(subject, start);
  auto speaker = Wire::connect(running.port());
  auto listener = subject.kind == Kind::chat ? Wire::connect(running.port()) : std::nullopt;
  running.holds(subject.kind == Kind::chat ? 2 : 1);
  if (!speaker || (subject.kind == Kind::chat && !listener)) return {"cannot be reached; " + running.death()};
  Wire& hears = listener ? *listener : *speaker;
  int lost = 0;
  for (int i = 0; i < count && lost < 5; ++i) {
    std::string words = std::to_string(i);
    words.resize(64, '.');
    if (!speaker->send(words) || hears.receive(words.size()) != words) ++lost;
    if (i % 4 == 0) support::pass(1ms);  // so that the server waits, and is interrupted there
    if (!running.server().running()) return {running.death() + " after " + grouped(static_cast<unsigned>(i))};
  }
  return {lost == 0 ? "0 lost of " + grouped(static_cast<unsigned>(count)) : "stopped after 5 lost",
          lost == 0 ? Verdict::met : Verdict::missed};
}

}  // namespace

Row signal_storm() {
  return {.name = "storm",
          .what = "signal storm, 1 kHz: 10,000 echoes (in the chat, messages received)",
          .target = "0 lost",
          .measure = measure,
          .at_once = 4};
}

}  // namespace reliability
