// Bytes that mean nothing, over connections that end anyhow.
#include "running.hpp"
#include "wire.hpp"

#include <poll.h>

#include <algorithm>
#include <random>
#include <vector>

namespace reliability {
namespace {

/// Reads and forgets what the others' bytes come back as.
void drain(Wire& wire) {
  static std::vector<char> buffer(65'536);
  while (!wire.gone() && wire.receive_some(buffer.data(), buffer.size()) == buffer.size()) {
  }
}

/// 1 MiB in which every value of a byte occurs everywhere.
std::string noise(std::mt19937& dice) {
  std::string bytes(1 << 20, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(dice());
  return bytes;
}

Figure measure(const Subject& subject, const Scale& scale) {
  const std::size_t total = scale.pick<std::size_t>(64, 2) << 20;
  Running running(subject);
  std::mt19937 dice(1);
  const std::string bytes = noise(dice);
  std::vector<std::optional<Wire>> clients(subject.ends_with_first_client ? 1 : 8);
  std::size_t sent = 0;
  const auto end = Clock::now() + 60s;
  while (sent < total && Clock::now() < end && running.server().running()) {
    auto& client = clients[dice() % clients.size()];
    // One in a hundred chunks is the last of its connection, where a client may leave at all.
    const bool leaves = client && clients.size() > 1 && dice() % 100 == 0;
    if (leaves && dice() % 2 == 0) client->reset();
    if (!client || client->gone() || leaves) client = Wire::connect(running.port());
    if (!client) continue;
    const std::size_t size = dice() % 16'384 + 1;
    sent += client->send_some(std::string_view(bytes).substr(dice() % (bytes.size() - size), size));
    for (auto& other : clients)
      if (other) drain(*other);
  }
  const std::string so_much = grouped(sent >> 20) + " MiB";
  if (!running.server().running() || sent < total) return {running.death() + " after " + so_much};
  for (auto& client : clients)
    if (client) client->reset();
  const bool serves = subject.ends_with_first_client || running.serves_newcomers();
  return {"alive after " + so_much + (serves ? "" : ", serves no new client"), serves ? Verdict::met : Verdict::missed};
}

}  // namespace

Row random_input() {
  return {.name = "random",
          .what = "random bytes as input, 64 MiB over connections that are reset",
          .target = "alive and serving",
          .measure = measure};
}

}  // namespace reliability
