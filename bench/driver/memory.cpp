// What a connection costs that nobody uses.
#include "clients.hpp"
#include "plan.hpp"
#include "report/names.hpp"
#include "servers.hpp"

#include <algorithm>

namespace bench {
namespace {

void one_echo_each(const std::vector<Socket>& clients) {
  constexpr std::size_t bytes = 64;
  const std::string message(bytes, 'e');
  std::vector<std::size_t> received(clients.size());
  Poller poller(clients);
  std::string buffer(bytes, '\0');
  // Not all at once: the server's buffers are to be those of connections that are idle, not of a thousand that wait.
  constexpr std::size_t at_once = 10;
  for (std::size_t asked = 0; asked < clients.size(); asked += at_once) {
    const std::size_t end = std::min(clients.size(), asked + at_once);
    for (std::size_t i = asked; i < end; ++i) send_all(clients[i], message.data(), bytes);
    std::size_t waiting = end - asked;
    while (waiting > 0)
      for (const std::size_t i : poller.wait()) {
        received[i] += receive(clients[i], buffer.data(), bytes);
        if (received[i] == bytes) --waiting;
      }
  }
}

std::vector<Measured> measure(const ServerUnderTest& server, std::size_t count) {
  const auto service = server.start();
  const auto each = [&](double bytes) { return bytes / static_cast<double>(count); };
  const double empty = service->resident_bytes();
  auto clients = connect_to(*service, count);
  const double idle = service->resident_bytes();
  one_echo_each(clients);
  const double used = service->resident_bytes();
  close_orderly(clients);
  service->end();
  return {{never_used, each(idle - empty), "bytes"},
          {after_one_echo, each(used - empty), "bytes"},
          {"empty server", empty / 1024, "KiB"}};
}

}  // namespace

Steps memory(const std::vector<Contestant>& all, const Scale& scale) {
  const std::size_t count = scale.pick(5000U, 1000U);
  Step step{"memory", connections(static_cast<int>(count)), scale.pick(std::min(scale.rounds, 3), 1), 1.2, {}};
  for (const auto& server : echo_servers(all))
    step.entrants.push_back({server.name, [=] { return measure(server, count); }});
  return {step};
}

}  // namespace bench
