#include "report/figures.hpp"

#include "report/targets.hpp"
#include "samples.hpp"
#include "support/catch.hpp"

using namespace bench;

namespace {

Place hot_of(const std::string& contestant) { return {"hot", active_of(100, 100), contestant, per_event}; }

}  // namespace

TEST_CASE("a ratio is taken in each round, and the median of them shown") {
  const Figures figures(run_of("1").samples);
  const auto* ours = figures.find(hot_of("ours"));
  REQUIRE(ours != nullptr);
  CHECK(ours->median == 102);
  // 1.02, 1.50, 1.01. The median over the median of raw would be 1.02 as well here, so once more where it is not:
  CHECK(near(ours->ratio.value(), 1.02));

  Results other{.run = "2"};
  add(other, "raw", {100, 200, 300});
  add(other, "ours", {300, 220, 315});
  CHECK(near(Figures(other.samples).find(hot_of("ours"))->ratio.value(), 1.10));
}

TEST_CASE("a round that raw has not measured counts for the median alone") {
  Results results;
  add(results, "raw", {100});
  add(results, "ours", {110, 500, 600});
  const Figures figures(results.samples);
  CHECK(figures.find(hot_of("ours"))->median == 500);
  CHECK(near(figures.find(hot_of("ours"))->ratio.value(), 1.1));

  Results alone;
  add(alone, "ours", {110});
  CHECK_FALSE(Figures(alone.samples).find(hot_of("ours"))->ratio.has_value());
}

TEST_CASE("a contestant that failed has a message instead of a figure") {
  Results results = run_of("1");
  results.samples.push_back({"hot", active_of(100, 100), "asio", 1, failed, 0, "ended with status 1: no memory"});
  const Figures figures(results.samples);
  CHECK(figures.find(hot_of("asio")) == nullptr);
  REQUIRE(figures.failure("hot", active_of(100, 100), "asio") != nullptr);
  CHECK(*figures.failure("hot", active_of(100, 100), "asio") == "ended with status 1: no memory");
  CHECK(figures.contestants("hot") == std::vector<std::string>{"raw", "ours", "libuv", "asio"});
  CHECK(figures.measures("hot") == std::vector<std::string>{per_event});
}

TEST_CASE("a target is met by the worst of its configurations") {
  Results results = run_of("1");
  add(results, "raw", {100}, "hot", active_of(100, 9000));
  add(results, "ours", {104.4}, "hot", active_of(100, 9000));
  add(results, "libuv", {130}, "hot", active_of(100, 9000));
  const Target target{"hot", "hot", {active_of(100, 100), active_of(100, 9000)}, "ours", per_event, true, true, 1.03};
  const Outcome missed = outcome(target, Figures(results.samples));
  CHECK(missed.ours == "1.02 to 1.04");
  CHECK(missed.best_peer == "libuv 1.09 to 1.30");
  CHECK(missed.target == "≤ 1.03");
  CHECK_FALSE(missed.met);

  Target met = target;
  met.limit = 1.04;  // 1.04 as it is shown
  CHECK(outcome(met, Figures(results.samples)).met);
  met.at_most = false;
  CHECK_FALSE(outcome(met, Figures(results.samples)).met);
}

TEST_CASE("the best peer is the one with the most where more is better, and never ours") {
  Results results;
  const auto chat = [&](const std::string& name, double value) {
    add(results, name, {value}, "chat", members(100), deliveries);
  };
  chat("raw", 100);
  chat("ours", 240);
  chat(ours_lines, 900);
  chat("libevent", 190);
  chat("libuv", 98);
  const Target target{"chat", "chat", {members(100)}, "ours", deliveries, true, false, 2.3};
  const Outcome became = outcome(target, Figures(results.samples));
  CHECK(became.best_peer == "libevent 1.90");
  CHECK(became.ours == "2.40");
  CHECK(became.met);
}

TEST_CASE("a server with lines is held against raw epoll with lines, and nobody else is") {
  Results results;
  const auto echo = [&](const std::string& name, double value) {
    add(results, name, {value}, "echo", echo_of(50, 64), cpu_per_request);
  };
  echo("raw", 100);
  echo(raw_lines, 140);
  echo("ours", 101);
  echo(ours_lines, 150);
  echo("libuv", 104);
  Target target{"echo", "echo", {echo_of(50, 64)}, ours_lines, cpu_per_request, true, true, 1.25};
  CHECK(outcome(target, Figures(results.samples)).best_peer == "raw, with lines 1.40");
  target.contestant = "ours";
  CHECK(outcome(target, Figures(results.samples)).best_peer == "libuv 1.04");
}
