// One call fails once, with one error: everybody else is served as if nothing had happened.
#include "running.hpp"
#include "wire.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace reliability {
namespace {

struct Case {
  std::string call;
  std::string error;
  bool costs_a_connection;  // the one it happened on may be dropped for it
};

std::vector<Case> cases() {
  std::vector<Case> all;
  for (const auto* error :
       {"EINTR", "EAGAIN", "ECONNABORTED", "EPROTO", "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EPERM"})
    all.push_back({"accept4", error, false});
  for (const std::string error : {"EINTR", "EAGAIN", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENOMEM"})
    all.push_back({"recvfrom", error, error != "EINTR" && error != "EAGAIN"});
  for (const std::string error : {"EINTR", "EAGAIN", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOBUFS", "EHOSTUNREACH"})
    all.push_back({"sendto", error, error != "EINTR" && error != "EAGAIN"});
  all.push_back({wait_calls, "EINTR", false});
  return all;
}

constexpr std::size_t clients = 3;

/// Who was heard by whom; in an echo, each by itself.
using Heard = std::array<std::array<bool, clients>, clients>;

/// The listener hears it, within patience, unless the speaker was dropped with its words.
bool hears(Wire& listener, const std::string& words, Wire& speaker) {
  std::string heard;
  for (const auto end = Clock::now() + 1500ms; heard.size() < words.size() && Clock::now() < end;) {
    const bool last = speaker.gone() || listener.gone();
    heard += listener.receive(words.size() - heard.size(), 20ms);
    if (last) break;
    if (&speaker != &listener)
      speaker.receive(1, 0ms);  // nobody else speaks: this only looks whether it is still there
  }
  return heard == words;
}

Heard talk(const Subject& subject, std::vector<Wire>& members) {
  Heard heard{};
  for (std::size_t speaker = 0; speaker < members.size(); ++speaker) {
    const std::string words = "from " + std::to_string(speaker);
    members[speaker].send(words);
    for (std::size_t listener = 0; listener < members.size(); ++listener)
      if ((listener == speaker) == (subject.kind == Kind::echo))
        heard[speaker][listener] = hears(members[listener], words, members[speaker]);
  }
  return heard;
}

/// All of those who are not `but` were heard.
bool all_heard(const Subject& subject, const Heard& heard, std::size_t but) {
  for (std::size_t speaker = 0; speaker < clients; ++speaker)
    for (std::size_t listener = 0; listener < clients; ++listener)
      if ((listener == speaker) == (subject.kind == Kind::echo) && speaker != but && listener != but &&
          !heard[speaker][listener])
        return false;
  return true;
}

bool bystanders_served(const Subject& subject, const Heard& heard, const Case& fault) {
  if (all_heard(subject, heard, clients)) return true;
  for (std::size_t hit = 0; hit < clients && fault.costs_a_connection; ++hit)
    if (all_heard(subject, heard, hit)) return true;
  return false;
}

struct Outcome {
  bool injected = false;
  bool alive = false;
  bool ended_as_its_contract_says = false;
  bool bystanders = false;
};

Outcome survive(const Subject& subject, const Case& fault) {
  const Trace trace(fault.call, fault.call + ":error=" + fault.error + ":when=2");
  support::Start start;
  start.under = trace.under();
  Running running(subject, start);
  Outcome outcome;
  std::vector<Wire> members;
  for (std::size_t i = 0; i < clients; ++i)
    if (auto member = Wire::connect(running.port())) members.push_back(std::move(*member));
  if (members.size() == clients) {
    running.holds(clients);
    outcome.bystanders = bystanders_served(subject, talk(subject, members), fault);
  }
  outcome.alive = running.serves_newcomers();
  if (!outcome.alive && running.alive() && !running.server().running())
    outcome.alive = outcome.bystanders = outcome.ended_as_its_contract_says = true;
  outcome.injected = trace.injected();
  return outcome;
}

Figure measure(const Subject& subject, const Scale&) {
  if (!support::can_trace()) return {"needs strace", Verdict::not_measured};
  const auto all = cases();
  std::size_t alive = 0;
  std::size_t bystanders = 0;
  std::size_t ended = 0;
  std::string never;
  for (const auto& fault : all) {
    const Outcome outcome = survive(subject, fault);
    if (!outcome.injected) never += (never.empty() ? "" : ", ") + fault.error + " in " + fault.call;
    alive += outcome.alive ? 1 : 0;
    bystanders += outcome.bystanders ? 1 : 0;
    ended += outcome.ended_as_its_contract_says ? 1 : 0;
  }
  std::string text =
      std::to_string(alive) + "/" + std::to_string(all.size()) + " alive, all served in " + std::to_string(bystanders);
  if (ended > 0) text += " (" + std::to_string(ended) + " by ending with its client)";
  if (!never.empty()) text += "; could not be injected: " + never;
  const bool met = alive == all.size() && bystanders == all.size() && never.empty();
  return {text, met ? Verdict::met : Verdict::missed};
}

}  // namespace

Row injected_errno() {
  return {.name = "errno",
          .what = "one injected errno in accept, recv, send or the wait (23 cases)",
          .target = "23/23 alive, all bystanders served",
          .measure = measure,
          .at_once = 4};
}

}  // namespace reliability
