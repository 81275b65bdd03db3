// Clients who drop their connection at whatever point they are.
#include "running.hpp"
#include "wire.hpp"

#include <array>
#include <random>
#include <vector>

namespace reliability {
namespace {

/// A client does something or other, and is reset now or later, when another comes in its place.
void misbehave(Wire& client, std::mt19937& dice) {
  static const std::string bytes(200'000, '!');
  std::array<char, 4096> buffer{};
  const auto some = [&](std::size_t most) { return std::string_view(bytes).substr(0, dice() % most + 1); };
  switch (dice() % 6) {
    case 0:
      return client.reset();
    case 1:
      client.send_some(some(100));
      return client.reset();
    case 2:
      client.send_some(some(bytes.size()));  // more than it will read
      break;
    case 3:
      client.send_some(some(2'000));
      client.receive(1, 5ms);  // the first byte of what comes back, or of what others say
      break;
    case 4:
      client.send_some(some(100));
      client.half_close();
      break;
    default:
      client.receive_some(buffer.data(), buffer.size());
  }
}

Figure measure(const Subject& subject, const Scale& scale) {
  const unsigned count = scale.pick(10'000U, 500U);
  Running running(subject);
  const auto descriptors = running.server().open_descriptors();
  std::mt19937 dice(1);
  std::vector<std::optional<Wire>> clients(8);
  for (unsigned i = 0; i < count; ++i) {
    auto& place = clients[dice() % clients.size()];
    if (place) place->reset();
    place = Wire::connect(running.port());
    if (place) misbehave(*place, dice);
    if (running.server().running() && place) continue;
    if (subject.ends_with_first_client && running.alive())
      return {"ends with its first client", Verdict::not_applicable};
    return {running.death() + " after " + grouped(i + 1)};
  }
  for (auto& client : clients)
    if (client) client->reset();
  const bool back = running.descriptors_return_to(descriptors);
  const bool serves = running.serves_newcomers();
  if (!running.alive()) return {running.death() + " after " + grouped(count)};
  return {"alive after " + grouped(count) + ", " +
              (back ? "no descriptor leaked"
                    : "descriptors +" + std::to_string(running.server().open_descriptors() - descriptors)) +
              (serves ? "" : ", serves no new client"),
          back && serves ? Verdict::met : Verdict::missed};
}

}  // namespace

Row resets() {
  return {.name = "resets",
          .what = "10,000 resets at random points",
          .target = "alive, no descriptor leaked",
          .measure = measure,
          .at_once = 2};
}

}  // namespace reliability
