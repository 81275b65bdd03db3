// Every byte comes back, in its order, however it is cut up on the way.
#include "running.hpp"
#include "stream.hpp"
#include "wire.hpp"

#include <poll.h>

#include <algorithm>
#include <random>
#include <vector>

namespace reliability {
namespace {

/// What is sent: by how many, how much by each, and how long it may take.
struct Load {
  std::size_t clients;
  std::size_t bytes;
  std::chrono::seconds patience;
};

struct Echoed {
  Wire wire;
  Stream out;
  Stream in;
  std::string chunk = {};  // made, and not all of it sent
  std::size_t made = 0;
  std::size_t back = 0;
  bool half_closed = false;
};

/// One byte, or up to 64 KiB, and anything between: small ones as often as big ones.
std::size_t random_size(std::mt19937& dice, std::size_t most) {
  return std::min<std::size_t>((std::size_t{1} << (dice() % 17)) + dice() % 7, most);
}

void send_more(Echoed& client, const Load& load, bool may_leave, std::mt19937& dice) {
  if (client.chunk.empty() && client.made < load.bytes) {
    client.chunk.resize(random_size(dice, load.bytes - client.made));
    client.out.fill(client.chunk);
    client.made += client.chunk.size();
  }
  if (!client.chunk.empty()) client.chunk.erase(0, client.wire.send_some(client.chunk));
  if (client.chunk.empty() && client.made == load.bytes && may_leave && !client.half_closed) {
    client.wire.half_close();
    client.half_closed = true;
  }
}

/// False if what came back is not what was sent.
bool read_more(Echoed& client) {
  static thread_local std::vector<char> buffer(65'536);
  const auto count = client.wire.receive_some(buffer.data(), buffer.size());
  client.back += count;
  return std::all_of(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(count),
                     [&](char byte) { return byte == client.in.next(); });
}

/// 100 % if all of it came back, else what came before it went wrong, and how it did.
std::string echo_all(const Subject& subject, Running& running, const Load& load, std::mt19937& dice) {
  std::vector<Echoed> clients;
  for (std::size_t i = 0; i < load.clients; ++i)
    if (auto wire = Wire::connect(running.port())) clients.push_back({std::move(*wire), Stream(i), Stream(i)});
  const auto end = Clock::now() + load.patience;
  std::string wrong;
  std::vector<pollfd> waiting(clients.size());
  while (wrong.empty()) {
    std::size_t unfinished = 0;
    for (std::size_t i = 0; i < clients.size(); ++i) {
      const Echoed& client = clients[i];
      const bool finished = client.wire.gone() || (subject.ends_with_first_client && client.back == load.bytes);
      const bool sending = !client.chunk.empty() || client.made < load.bytes;
      waiting[i] = {finished ? -1 : client.wire.fd(), static_cast<short>(sending ? POLLIN | POLLOUT : POLLIN), 0};
      unfinished += finished ? 0 : 1;
    }
    if (unfinished == 0) break;
    if (Clock::now() > end) wrong = "after " + std::to_string(load.patience.count()) + " s";
    poll(waiting.data(), waiting.size(), 100);
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if ((waiting[i].revents & POLLOUT) != 0) send_more(clients[i], load, !subject.ends_with_first_client, dice);
      if ((waiting[i].revents & ~POLLOUT) != 0 && !read_more(clients[i])) wrong = "out of order";
    }
  }
  std::size_t back = 0;
  for (const auto& client : clients) back += client.back;
  if (back == load.clients * load.bytes && wrong.empty()) return "100 %";
  if (wrong.empty()) wrong = running.death();
  return std::to_string(100 * back / (load.clients * load.bytes)) + " %, " + wrong;
}

}  // namespace

/// The same in a chat: bytes.cpp has the echo, bytes_chat.cpp this.
std::string tell_all(Running& running, std::size_t bytes, std::size_t lead, std::chrono::seconds patience,
                     std::mt19937& dice);

namespace {

std::string deliver(const Subject& subject, const Load& load, bool one_byte, std::mt19937& dice) {
  support::Start start;
  if (one_byte) start.preload = SHIM_ONE_BYTE;
  Running running(subject, start);
  if (subject.kind == Kind::echo) return echo_all(subject, running, load, dice);
  return tell_all(running, load.bytes, one_byte ? 4'096 : 65'536, load.patience, dice);
}

Figure measure(const Subject& subject, const Scale& scale) {
  const bool echo = subject.kind == Kind::echo;
  const std::size_t mib = 1 << 20;
  const Load random_chunks = {64, echo ? scale.pick(16 * mib, mib / 8) : scale.pick(4 * mib, mib / 8),
                              std::chrono::seconds(scale.pick(60, 10))};
  const Load one_byte_sends = {4, echo ? scale.pick(mib / 4, mib / 32) : scale.pick(mib / 32, mib / 128),
                               std::chrono::seconds(scale.pick(60, 10))};
  std::mt19937 dice(1);
  const std::string chunks = deliver(subject, random_chunks, false, dice);
  const std::string single = deliver(subject, one_byte_sends, true, dice);
  const std::string text = chunks == single ? chunks : chunks + "; one-byte sends: " + single;
  return {text, text == "100 %" ? Verdict::met : Verdict::missed};
}

}  // namespace

Row bytes_in_order() {
  return {.name = "bytes",
          .what =
              "64 clients × 16 MiB (chat: 8 speakers × 4 MiB to 4 listeners), random chunks, half-close, one-byte "
              "sends",
          .target = "100 % of the bytes, in order",
          .measure = measure,
          .at_once = 2,
          .costly = true};
}

}  // namespace reliability
