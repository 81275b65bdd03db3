#include "report/tables.hpp"

#include "report/limits.hpp"
#include "report/targets.hpp"
#include "samples.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <fstream>
#include <vector>

using namespace bench;

namespace {

/// The numbers that the page gives as what is held in CI, from the first row of its first table on.
std::vector<double> limits_of_the_page() {
  std::ifstream page(COURSE_DIR "/docs/performance.md");
  std::string line;
  while (std::getline(page, line) && line != "## What is held in CI") continue;
  while (std::getline(page, line) && line != "|---|---:|") continue;
  std::vector<double> numbers;
  while (std::getline(page, line) && line.starts_with("| ")) {
    std::string number = line.substr(line.rfind("| ", line.size() - 3) + 2);
    std::erase(number, ',');
    numbers.push_back(std::stod(number));
  }
  return numbers;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("a table has the median and in brackets the ratio, and says what failed") {
  Results results = run_of("1");
  add(results, "raw", {1000}, "hot", active_of(1, 9000));
  add(results, "ours", {12345}, "hot", active_of(1, 9000));
  results.samples.push_back({"hot", active_of(1, 9000), "libuv", 0, failed, 0, "killed by signal 11 | at once"});
  CHECK(as_table(Figures(results.samples), "hot", per_event) ==
        "| time per event, ns | 100 active of 100 | 1 active of 9000 |\n"
        "|---|---:|---:|\n"
        "| raw | 100 (1.00) | 1,000 (1.00) |\n"
        "| ours | 102 (1.02) | 12,345 (12.35) |\n"
        "| libuv | 110 (1.09) | failed: killed by signal 11 / at once |\n");
}

TEST_CASE("the parts of a count stand in a table of their own") {
  Results results;
  add(results, "ours", {2.02}, "calls", echo_request_50, calls);
  add(results, "ours", {0.02}, "calls", echo_request_50, "system calls: epoll_wait");
  add(results, "ours", {1}, "calls", echo_request_50, "system calls: recvfrom");
  add(results, "ours", {0.001}, "calls", echo_request_50, "system calls: brk");
  const std::string page = as_page(results);
  CHECK(has(page, "| ours | 2.02 |\n"));
  CHECK(has(page, "| ours | recvfrom 1.00, epoll_wait 0.02 |\n"));
  CHECK_FALSE(has(page, "brk"));
}

TEST_CASE("the page begins with the machine and with what came out in short") {
  const std::string page = as_page(run_of("1"));
  CHECK(page.find("- a machine\n- libuv: not installed\n") < page.find("## In short"));
  CHECK(page.find("## In short") < page.find("## hot"));
  CHECK(has(page, "| hot, 100 active of 100 and of 9,000: ratio to raw | libuv 1.09 | 1.02 | ≤ 1.03 | met |\n"));
  CHECK_FALSE(has(page, "| ctl"));  // was not part of the run
}

TEST_CASE("a target that nothing was measured for is not met") {
  Results results;
  results.samples.push_back({"chat", members(100), "ours", 0, failed, 0, "lost a byte"});
  CHECK(has(in_short(Figures(results.samples)), "100 members: ratio to raw | – | – | ≥ 2.30 | not measured |"));
}

TEST_CASE("a limit holds for the figure as it is shown") {
  const Limit limit{"ours", "calls", echo_request_50, 2.02};
  CHECK(limit.holds(2.0249));
  CHECK_FALSE(limit.holds(2.03));
  CHECK(limit.told(2.02) == "system calls, echo request, 50 connections: ours: 2.02, at most 2.02");
  CHECK(limit.told(4.02) == "system calls, echo request, 50 connections: ours: 4.02, at most 2.02: NOT SO");
}

TEST_CASE("the page tells every limit, in their order") {
  std::vector<double> held;
  for (const auto& limit : limits()) held.push_back(limit.most);
  CHECK(limits_of_the_page() == held);
}
