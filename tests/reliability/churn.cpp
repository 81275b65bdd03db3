// Clients who come, are served and go, for as long as a server may live.
#include "running.hpp"
#include "wire.hpp"

namespace reliability {
namespace {

/// A client comes, is served, and leaves with a reset: an orderly end would keep its port for a minute.
bool visit(const Subject& subject, int port, Wire* resident) {
  auto client = Wire::connect(port);
  if (!client) return false;
  const bool served =
      subject.kind == Kind::echo ? client->ask("hello") : client->send("!") && resident->receive(1) == "!";
  client->reset();
  return served;
}

Figure measure(const Subject& subject, const Scale& scale) {
  if (subject.ours() && subject.ends_with_first_client) return {"ends with its first client", Verdict::not_applicable};
  const unsigned count = scale.pick(200'000U, 5'000U);
  Running running(subject);
  const auto descriptors = running.server().open_descriptors();
  auto resident = subject.kind == Kind::chat ? Wire::connect(running.port()) : std::nullopt;  // it hears them all
  if (resident) running.holds(1);
  const std::size_t expected = descriptors + (resident ? 1 : 0);
  long warm = 0;
  const auto end = Clock::now() + 90s;
  for (unsigned i = 0; i < count; ++i) {
    if (i == count / 10) warm = running.server().resident_kib();
    if (visit(subject, running.port(), resident ? &*resident : nullptr) && Clock::now() < end) continue;
    if (Clock::now() >= end) return {"only " + grouped(i) + " in 90 s"};
    return {running.death() + " after " + grouped(i + 1)};
  }
  const bool back = running.descriptors_return_to(expected);
  if (!running.server().running()) return {running.death() + " after " + grouped(count)};
  const long grown = running.server().resident_kib() - warm;
  const auto more = running.server().open_descriptors() - expected;
  return {
      "descriptors +" + std::to_string(more) + ", memory " + (grown < 0 ? "" : "+") + std::to_string(grown) + " KiB",
      back && grown < 64 ? Verdict::met : Verdict::missed};
}

}  // namespace

Row churn() {
  return {.name = "churn",
          .what = "200,000 connect–echo–close",
          .target = "descriptors +0, resident memory grows by < 64 KiB",
          .measure = measure,
          .at_once = 2,
          .costly = true};
}

}  // namespace reliability
