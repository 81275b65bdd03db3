#include "report/results.hpp"

#include "samples.hpp"
#include "support/catch.hpp"

#include <string>

using namespace bench;

namespace {

/// What a refusal says; empty if there is none.
template <class Action>
std::string refusal(const Action& action) {
  try {
    action();
  } catch (const Refusal& refused) {
    return refused.what();
  }
  return {};
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("samples come out of the file as they went in") {
  Results before = run_of("20260101T000000-abcdef");
  before.samples.push_back({"echo", echo_of(1, 64), "asio", 2, failed, 0, "said \"no\", twice\nand ended"});
  const Results after = from_csv(as_csv(before), "results.csv");
  CHECK(after.run == before.run);
  CHECK(after.machine == before.machine);
  CHECK(after.about == before.about);
  REQUIRE(after.samples.size() == before.samples.size());
  CHECK(after.samples[4].value == 300);
  CHECK(after.samples[4].round == 1);
  CHECK(after.samples.back().configuration == echo_of(1, 64));
  CHECK(after.samples.back().unit == "said \"no\", twice and ended");
}

TEST_CASE("a file with samples of two runs is refused") {
  std::string text = as_csv(run_of("first"));
  const std::string other = as_csv(run_of("second"));
  text += other.substr(other.find("second"));
  const std::string said = refusal([&] { from_csv(text, "both.csv"); });
  CHECK(has(said, "both.csv holds the runs first and second"));
  CHECK(has(said, "not comparable"));
  CHECK_FALSE(has(said, "\n"));
}

TEST_CASE("two files are refused") {
  CHECK(only_one_run({"a.csv"}) == "a.csv");
  const std::string said = refusal([] { only_one_run({"a.csv", "b.csv"}); });
  CHECK(has(said, "--show a.csv and b.csv"));
  CHECK(has(said, "not comparable"));
}

TEST_CASE("a run that would leave some of another run's samples beside its own is refused") {
  const Results before = run_of("first");
  const auto mix = [&](const std::vector<std::string>& workloads, const std::vector<std::string>& names) {
    return refusal([&] { refuse_to_mix(before, workloads, names, "out/results.csv"); });
  };
  CHECK(mix({"hot", "echo"}, {"raw", "ours", "libuv", "asio"}).empty());
  CHECK(has(mix({"echo"}, {"raw", "ours", "libuv"}), "out/results.csv holds hot of raw from the run first"));
  CHECK(has(mix({"hot"}, {"raw", "ours"}), "holds hot of libuv"));
  CHECK(has(mix({"hot"}, {"raw", "ours"}), "not comparable"));
}

TEST_CASE("what is no file of results is refused with its line") {
  CHECK(has(refusal([] { from_csv("", "x.csv"); }), "x.csv: this is no file of results, it is empty"));
  CHECK(has(refusal([] { from_csv("a,b\n", "x.csv"); }), "x.csv, line 1: this is no file of results"));
  const std::string good = as_csv(run_of("1"));
  CHECK(has(refusal([&] { from_csv(good + "a,b\n", "x.csv"); }), "x.csv, line 13: 9 fields are expected, 2 found"));
  CHECK(has(refusal([&] { from_csv(good + "1,m,hot,c,raw,0,time,fast,ns\n", "x.csv"); }), "'fast' is not a number"));
  CHECK(has(refusal([] { read_results("/no/such/file.csv"); }), "read the results /no/such/file.csv: No such file"));
}
