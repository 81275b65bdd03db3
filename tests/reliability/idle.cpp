// A hundred clients who say nothing: the server sleeps.
#include "running.hpp"
#include "wire.hpp"

#include <vector>

namespace reliability {
namespace {

/// All are connected, and each has been accepted; in an echo each has been served once.
std::vector<Wire> hundred_clients(const Subject& subject, Running& running) {
  std::vector<Wire> clients;
  while (clients.size() < 100) {
    auto client = Wire::connect(running.port());
    if (!client || (subject.kind == Kind::echo && !client->ask("here"))) break;
    clients.push_back(std::move(*client));
  }
  running.holds(100);
  return clients;
}

Figure measure(const Subject& subject, const Scale& scale) {
  const auto seconds = scale.pick(10, 2);
  // Two of them: being traced costs a server that does not sleep the time that is to be measured.
  Running plain(subject);
  const Trace trace(wait_calls);
  support::Start start;
  if (support::can_trace()) start.under = trace.under();
  Running traced(subject, start);
  const auto clients = hundred_clients(subject, plain);
  const auto others = hundred_clients(subject, traced);
  if (clients.size() < 100) return {"only " + std::to_string(clients.size()) + " of 100 clients served"};
  support::pass(300ms);

  const auto calls_before = trace.calls();
  const long ticks = plain.server().ticks_within(std::chrono::seconds(seconds));
  const auto calls = trace.calls() - calls_before;

  const std::string waits = support::can_trace() ? grouped(calls) + " waits" : "waits: needs strace";
  const std::string text = waits + ", " + std::to_string(ticks) + " ticks";
  if (calls <= 1 && ticks == 0) return {text, Verdict::met};
  // Lesson 04 wakes each second to say that it waits, as its source does: a wait, and a look whether its output has
  // room.
  if (subject.ours() && subject.ends_with_first_client && calls <= 2 * static_cast<std::size_t>(seconds) + 2 &&
      ticks <= 1)
    return {text + ": it wakes each second to print", Verdict::not_applicable};
  return {text};
}

}  // namespace

Row idle() {
  return {.name = "idle",
          .what = "idle with 100 clients, 10 s",
          .target = "≤ 1 wait call, 0 CPU ticks",
          .measure = measure,
          .at_once = 12};
}

}  // namespace reliability
