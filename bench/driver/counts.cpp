#include "counts.hpp"

#include "lockstep.hpp"
#include "report/names.hpp"
#include "running.hpp"
#include "support/scratch.hpp"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <future>
#include <sstream>
#include <stdexcept>

namespace bench {
namespace {

support::Start on(const std::string& facility) {
  support::Start start;
  if (!facility.empty()) start.environment.push_back("SELECTORS_FACILITY=" + facility);
  return start;
}

constexpr auto valgrind = "valgrind -q --tool=callgrind --callgrind-out-file='";

double total_in(const std::string& path) {
  std::ifstream out(path);
  for (std::string line; std::getline(out, line);)
    if (line.starts_with("totals: ")) return std::stod(line.substr(8));
  throw std::runtime_error("callgrind has written no total");
}

double callgrind(const Contestant& contestant, const std::string& words, support::Start start) {
  const Unpinned elsewhere;
  const support::Scratch file;
  start.under = valgrind + file.path() + "'";
  output_of(contestant.call(words), start, 60s);
  return total_in(file.path());
}

double callgrind(const ServerUnderTest& server, const std::function<void(Service&)>& talk) {
  const Unpinned elsewhere;
  const support::Scratch file;
  const auto service = server.start(valgrind + file.path() + "'");
  talk(*service);
  service->end();
  return total_in(file.path());
}

constexpr auto strace = "strace -f -qq -c -o '";

/// The table that `strace -c` writes: calls and errors stand before the name, the errors only where there are any.
Calls table_of(const std::string& path) {
  Calls counted;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::vector<std::string> fields;
    for (std::string word; words >> word;) fields.push_back(word);
    if (fields.size() < 5 || fields[0].find_first_not_of("0123456789.") != std::string::npos) continue;
    const std::string& name = fields.back();
    if (name == "total") continue;
    double count = std::stod(fields[3]);
    // A server that was stopped while it waited begins to wait again: that is our doing, and the only way how waiting
    // fails.
    const bool waits = name.starts_with("epoll_") && name != "epoll_ctl" && name != "epoll_create1";
    if (fields.size() == 6 && (waits || name == "poll" || name.starts_with("pselect"))) count -= std::stod(fields[4]);
    counted[name] += count;
  }
  return counted;
}

Calls traced(const Contestant& contestant, const std::string& words, support::Start start) {
  const Unpinned elsewhere;
  const support::Scratch file;
  start.under = strace + file.path() + "'";
  output_of(contestant.call(words), start, 60s);
  return table_of(file.path());
}

/// -D: strace is the server's grandchild, and what is stopped and ended is the server itself.
Calls traced(const ServerUnderTest& server, const std::function<void(Service&)>& talk) {
  const Unpinned elsewhere;
  const support::Scratch file;
  const auto service = server.start("strace -D" + std::string(strace).substr(6) + file.path() + "'");
  talk(*service);
  service->end();
  const bool written = support::eventually(5s, [&] {
    std::ifstream out(file.path());
    const std::string text((std::istreambuf_iterator<char>(out)), {});
    return text.find(" total\n") != text.npos;
  });
  if (!written) throw std::runtime_error("strace has written no table");
  return table_of(file.path());
}

/// What the many cost beyond the few, for each unit.
Calls difference(const Calls& few, Calls many, double units) {
  for (const auto& [name, count] : few) many[name] -= count;
  Calls each;
  double sum = 0;
  for (const auto& [name, count] : many) {
    sum += count;
    if (count != 0) each[std::string(calls) + ": " + name] = count / units;
  }
  each[calls] = sum / units;
  return each;
}

double units_of(const Counted& what) { return static_cast<double>(what.units) * (what.many - what.few); }
double units_of(const Talk& talk) { return static_cast<double>(talk.turns * talk.units); }

/// Those that both talks have, in which buffers grow.
constexpr std::size_t first_turns = 2;

/// Both runs at the same time: nothing depends on how long they take.
template <class Count>
auto few_and_many(const Counted& what, const Count& count) {
  auto few = std::async(std::launch::async, [&] { return count(what.words + " " + std::to_string(what.few)); });
  auto many = count(what.words + " " + std::to_string(what.many));
  return std::pair(few.get(), std::move(many));
}

}  // namespace

const std::vector<Counted>& counted_loops() {
  static const std::vector<Counted> all = {{hot_event_100, "hot 200 100", 100, 20, 220},
                                           {hot_event_1, "hot 200 1", 1, 20, 1020},
                                           {dispatch_event, "dispatch 200 100", 100, 20, 120},
                                           {ctl_descriptor, "ctl 200", 200, 2, 12}};
  return all;
}

std::string no_callgrind() {
  if (std::system("valgrind --version >/dev/null 2>&1") == 0) return {};
  return "valgrind is not installed (the package valgrind brings it)";
}

std::string no_strace() {
  return support::can_trace() ? "" : "strace is not installed (the package strace brings it), or may not trace here";
}

double instructions_of(const Contestant& contestant, const Counted& what, const std::string& facility) {
  const auto [few, many] =
      few_and_many(what, [&](const std::string& words) { return callgrind(contestant, words, on(facility)); });
  return (many - few) / units_of(what);
}

Calls calls_of(const Contestant& contestant, const Counted& what, const std::string& facility) {
  auto [few, many] =
      few_and_many(what, [&](const std::string& words) { return traced(contestant, words, on(facility)); });
  return difference(few, std::move(many), units_of(what));
}

Talk echo_talk(std::size_t connections) {
  return {connections == 1 ? echo_request_1 : echo_request_50,
          [=](Service& service, std::size_t turns) { echo_in_lockstep(service, connections, turns); },
          connections == 1 ? 100U : 10U, connections};
}

Talk chat_talk() {
  constexpr std::size_t members = 100;
  return {chat_delivery, [=](Service& service, std::size_t turns) { chat_in_lockstep(service, members, turns); }, 10,
          lockstep_deliveries(members)};
}

double instructions_of(const ServerUnderTest& server, const Talk& talk) {
  const auto count = [&](std::size_t turns) {
    return callgrind(server, [&](Service& service) { talk.hold(service, turns); });
  };
  const double few = count(first_turns);
  return (count(first_turns + talk.turns) - few) / units_of(talk);
}

Calls calls_of(const ServerUnderTest& server, const Talk& talk) {
  const auto count = [&](std::size_t turns) {
    return traced(server, [&](Service& service) { talk.hold(service, turns); });
  };
  const Calls few = count(first_turns);
  return difference(few, count(first_turns + talk.turns), units_of(talk));
}

}  // namespace bench
