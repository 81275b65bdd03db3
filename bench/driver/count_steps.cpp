// The counts as steps of a run.
#include "counts.hpp"
#include "plan.hpp"
#include "report/names.hpp"

namespace bench {
namespace {

std::vector<Measured> as_measured(const Calls& counted) {
  std::vector<Measured> measured = {{calls, counted.at(calls), ""}};
  for (const auto& [name, count] : counted)
    if (name != calls) measured.push_back({name, count, ""});
  return measured;
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
  for (const std::size_t count : {1U, 50U}) {
    if (scale.quick && count == 1) continue;
    Step step{"calls", count == 1 ? echo_request_1 : echo_request_50, 1, 0.4, {}};
    for (const auto& server : echo_servers(all))
      step.entrants.push_back({server.name, [=] { return as_measured(calls_of_echo(server, count)); }});
    steps.push_back(std::move(step));
  }
  Step step{"calls", chat_delivery, 1, 0.6, {}};
  for (const auto& server : chat_servers(all))
    step.entrants.push_back({server.name, [=] { return as_measured(calls_of_chat(server, 100)); }});
  steps.push_back(std::move(step));
  return steps;
}

}  // namespace bench
