#include "lockstep.hpp"

#include "clients.hpp"
#include "report/heard.hpp"

#include <stdexcept>

namespace bench {
namespace {

constexpr std::size_t message_bytes = 64;
constexpr std::size_t messages_at_once = 4;

/// Does it while the server stands still. One client alone finds it waiting anyway.
template <class Action>
void while_stopped(Service& service, bool stop, const Action& action) {
  if (stop) service.freeze();
  action();
  if (stop) service.thaw();
}

}  // namespace

void echo_in_lockstep(Service& service, std::size_t connections, std::size_t turns) {
  auto clients = connect_to(service, connections);
  Poller poller(clients);
  const std::string message(message_bytes, 'm');
  std::string buffer(message_bytes, '\0');
  for (std::size_t turn = 0; turn < turns; ++turn) {
    while_stopped(service, connections > 1, [&] {
      for (const auto& client : clients) send_all(client, message.data(), message.size());
    });
    for (std::size_t left = connections * message_bytes; left > 0;)
      for (const std::size_t i : poller.wait()) left -= receive(clients[i], buffer.data(), buffer.size());
  }
  close_orderly(clients);
}

void chat_in_lockstep(Service& service, std::size_t members, std::size_t turns) {
  auto clients = connect_to(service, members);
  Poller poller(clients);
  const Speech speech;
  Heard heard(members, message_bytes);
  std::string buffer(Speech::chunk, '\0');
  for (std::size_t turn = 0; turn < turns; ++turn) {
    const std::size_t said = turn * messages_at_once;
    while_stopped(service, true, [&] {
      for (std::size_t speaker = 0; speaker < speakers; ++speaker)
        // In one piece: the kernel would keep the second back until the first is acknowledged.
        send_all(clients[speaker], speech.from(speaker, said * message_bytes), messages_at_once * message_bytes);
    });
    while (heard.deliveries() < (turn + 1) * lockstep_deliveries(members))
      for (const std::size_t i : poller.wait())
        heard.take(i, {buffer.data(), receive(clients[i], buffer.data(), buffer.size())});
  }
  close_orderly(clients);
}

std::size_t lockstep_deliveries(std::size_t members) { return speakers * messages_at_once * (members - 1); }

}  // namespace bench
