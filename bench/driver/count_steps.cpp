// The counts as steps of a run.
#include "counts.hpp"
#include "plan.hpp"
#include "report/names.hpp"

#include <vector>

namespace bench {
namespace {

std::vector<Measured> as_measured(const Calls& counted) {
  std::vector<Measured> measured = {{calls, counted.at(calls), ""}};
  for (const auto& [name, count] : counted)
    if (name != calls) measured.push_back({name, count, ""});
  return measured;
}

/// One step for a talk with each of the servers.
template <class Count>
Step step_of(const std::string& workload, const Talk& talk, double seconds, const std::vector<ServerUnderTest>& servers,
             const Count& count) {
  Step step{workload, talk.configuration, 1, seconds, {}};
  for (const auto& server : servers) step.entrants.push_back({server.name, [=] { return count(server, talk); }});
  return step;
}

/// Within valgrind it does not come to handle SIGTERM.
std::vector<ServerUnderTest> without_python(std::vector<ServerUnderTest> servers) {
  std::erase_if(servers, [](const ServerUnderTest& server) { return server.name == "python"; });
  return servers;
}

}  // namespace

Steps count_instructions(const std::vector<Contestant>& all, const Scale& scale) {
  if (!no_callgrind().empty()) return {};
  Steps steps;
  for (const auto& what : counted_loops()) {
    if (scale.quick && what.configuration != hot_event_100) continue;
    Step step{"instructions", what.configuration, 1, 1.5, {}};
    for (const auto& one : all) {
      if (!one.present() || (scale.quick && one.name == "python")) continue;
      step.entrants.push_back({one.name, [=] {
                                 return std::vector<Measured>{{instructions, instructions_of(one, what), ""}};
                               }});
      if (one.name != "ours" || what.configuration != hot_event_100) continue;
      Counted typed = what;
      typed.words.replace(0, 3, "hot-typed");
      step.entrants.push_back({ours_typed, [=] {
                                 return std::vector<Measured>{{instructions, instructions_of(one, typed), ""}};
                               }});
    }
    steps.push_back(std::move(step));
  }
  if (scale.quick) return steps;
  const auto count = [](const ServerUnderTest& server, const Talk& talk) {
    return std::vector<Measured>{{instructions, instructions_of(server, talk), ""}};
  };
  steps.push_back(step_of("instructions", echo_talk(50), 1.5, without_python(echo_servers(all)), count));
  steps.push_back(step_of("instructions", chat_talk(), 2, without_python(chat_servers(all)), count));
  return steps;
}

Steps count_calls(const std::vector<Contestant>& all, const Scale& scale) {
  if (!no_strace().empty()) return {};
  Steps steps;
  for (const auto& what : counted_loops()) {
    if (scale.quick && what.configuration != dispatch_event) continue;
    Step step{"calls", what.configuration, 1, 0.2, {}};
    for (const auto& one : all)
      if (one.present()) step.entrants.push_back({one.name, [=] { return as_measured(calls_of(one, what)); }});
    steps.push_back(std::move(step));
  }
  const auto count = [](const ServerUnderTest& server, const Talk& talk) {
    return as_measured(calls_of(server, talk));
  };
  if (!scale.quick) steps.push_back(step_of("calls", echo_talk(1), 0.4, echo_servers(all), count));
  steps.push_back(step_of("calls", echo_talk(50), 0.4, echo_servers(all), count));
  steps.push_back(step_of("calls", chat_talk(), 0.6, chat_servers(all), count));
  return steps;
}

}  // namespace bench
