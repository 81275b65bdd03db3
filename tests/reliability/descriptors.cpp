// More clients than descriptors: those who fit are served, the rest cost nothing.
#include "running.hpp"
#include "wire.hpp"

#include <vector>

namespace reliability {
namespace {

constexpr int limit = 40;
constexpr int crowd = 60;

std::vector<Wire> come(int port) {
  std::vector<Wire> clients;
  for (int i = 0; i < crowd; ++i)
    if (auto client = Wire::connect(port)) clients.push_back(std::move(*client));
  return clients;
}

Figure measure(const Subject& subject, const Scale& scale) {
  const auto seconds = scale.pick(3, 2);
  // Two of them, as in the row above: what is traced is not what is timed.
  support::Start start;
  start.descriptor_limit = limit;
  Running plain(subject, start);
  const Trace trace("accept4");
  if (support::can_trace()) start.under = trace.under();
  Running traced(subject, start);
  auto clients = come(plain.port());
  const auto others = come(traced.port());
  support::pass(300ms);
  if (!plain.alive()) return {plain.death()};

  const auto accepts_before = trace.calls();
  const long ticks = plain.server().ticks_within(std::chrono::seconds(seconds));
  if (!plain.alive()) return {plain.death()};
  const double busy = static_cast<double>(ticks) / seconds;  // a tick is 10 ms
  const double accepts = static_cast<double>(trace.calls() - accepts_before) / seconds;
  const long lines = support::lines_of(plain.server().errors());

  std::string text = decimal(busy, 1) + " % CPU, " +
                     (support::can_trace() ? decimal(accepts, 0) + " accepts/s" : "accepts: needs strace") + ", " +
                     std::to_string(lines) + (lines == 1 ? " log line" : " log lines");
  bool met = busy <= 1 && accepts <= 20 && lines == 1;
  if (subject.ends_with_first_client)
    return {text + ", ends with its first client", met ? Verdict::met : Verdict::missed};

  clients.clear();
  const auto left = Clock::now();
  const bool served = plain.serves_newcomers(5s);
  const std::chrono::duration<double> after = Clock::now() - left;
  met = met && served && after < 1500ms;
  text += served ? ", serving after " + decimal(after.count(), 2) + " s" : ", not serving after 5 s";
  if (!plain.alive()) text += ", " + plain.death();
  return {text, met ? Verdict::met : Verdict::missed};
}

}  // namespace

Row out_of_descriptors() {
  return {.name = "descriptors",
          .what = "out of descriptors (limit 40, 60 clients, 3 s)",
          .target = "CPU ≤ 1 %, ≤ 20 accepts/s, one log line, serving again within 1.5 s",
          .measure = measure,
          .at_once = 12};
}

}  // namespace reliability
