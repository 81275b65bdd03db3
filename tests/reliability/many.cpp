// As many connections as one process may have.
#include "running.hpp"
#include "wire.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace reliability {
namespace {

/// So many at a time: no more than wait to be accepted without being turned away.
constexpr std::size_t batch = 64;

/// Connects so many, and gives those who were served.
std::vector<Wire> connect_all(const Subject& subject, Running& running, std::size_t count, Clock::time_point end) {
  std::vector<Wire> clients;
  std::vector<Wire> fresh;
  bool full = false;  // a chat answers nobody who is alone, and turns away without a word
  for (std::size_t tried = 0; tried < count && Clock::now() < end && running.server().running();) {
    fresh.clear();
    for (; fresh.size() < batch && tried < count; ++tried) {
      auto client = Wire::connect(running.port());
      if (client && (subject.kind == Kind::chat || client->send("?"))) fresh.push_back(std::move(*client));
    }
    if (full && !fresh.empty()) fresh.back().receive(1, 300ms);  // until it is turned away
    for (auto& client : fresh)
      if (subject.kind == Kind::chat || client.receive(1, 5s) == "?") clients.push_back(std::move(client));
    if (subject.kind == Kind::chat && !full) full = !running.holds(clients.size(), 1s);
  }
  return clients;
}

/// In a chat: one speaks, and so many hear it.
std::size_t hear(std::vector<Wire>& clients) {
  if (clients.empty() || !clients.front().send("!")) return 0;
  std::size_t heard = 1;
  for (std::size_t i = 1; i < clients.size(); ++i) heard += clients[i].receive(1, i < 2000 ? 2s : 50ms) == "!" ? 1 : 0;
  return heard;
}

Figure measure(const Subject& subject, const Scale& scale) {
  auto count = scale.pick<std::size_t>(19'500, 1'500);
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const bool enough = limit.rlim_cur >= count + 300;
  if (!enough) count = limit.rlim_cur - 300;
  Running running(subject);
  const auto descriptors = running.server().open_descriptors();
  const auto begin = Clock::now();
  auto clients = connect_all(subject, running, count, begin + (subject.ours() ? 150s : 30s));
  const std::chrono::duration<double> took = Clock::now() - begin;
  const std::size_t served = subject.kind == Kind::chat ? hear(clients) : clients.size();
  if (!running.server().running()) return {running.death() + " at " + grouped(served)};

  support::pass(500ms);
  const int seconds = scale.pick(5, 1);
  const long ticks = running.server().ticks_within(std::chrono::seconds(seconds));
  for (std::size_t i = 0; i < clients.size(); ++i) i % 2 == 0 ? clients[i].reset() : clients[i].close();
  clients.clear();
  const bool back = subject.ends_with_first_client || running.descriptors_return_to(descriptors, 30s);

  std::string text = grouped(served) + " served in " + decimal(took.count(), 1) + " s";
  const bool full_select = subject.facility == "select" && served >= 1'000 && served <= 1'024;
  if (full_select) text += ", the rest turned away (select holds 1,024)";
  text += ", idle " + decimal(static_cast<double>(ticks) / seconds, 1) + " %, ";
  if (subject.ends_with_first_client)
    text += "ends with its first client";
  else
    text += back ? "no descriptor leaked" : "descriptors still open after 30 s";
  if (!running.alive()) text += ", " + running.death();
  if (!enough) return {text + " (descriptor limit " + grouped(limit.rlim_cur) + ")", Verdict::not_measured};
  const bool all_else = (served == count || full_select) && back && running.alive();
  if (all_else && ticks == 0) return {text, Verdict::met};
  // It wakes each second to print, and then a facility that looks at every descriptor takes its time.
  if (all_else && subject.ours() && subject.ends_with_first_client)
    return {text + ": it wakes each second to print", Verdict::not_applicable};
  return {text};
}

}  // namespace

Row many_connections() {
  return {.name = "many",
          .what = "19,500 connections at once",
          .target = "all served, idle 0 % CPU, no descriptor leaked",
          .measure = measure,
          .costly = true};
}

}  // namespace reliability
