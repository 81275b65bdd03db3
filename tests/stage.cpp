// The stage itself: programs that behave badly must not make a test wait for nothing.
#include "support/catch.hpp"
#include "support/program.hpp"

#include <string>

using namespace support;

namespace {

/// It leaves a child behind that holds its output and its standard error open.
Command leaver(const std::string& before_it_ends) { return {"leaver", "sh -c 'sleep 30 & " + before_it_ends + "'"}; }

/// Far less than the child lives, and than a story's patience.
template <class Action>
void expect_within_5_s(const Action& action) {
  const auto start = Clock::now();
  action();
  CHECK(Clock::now() - start < std::chrono::seconds(5));
}

}  // namespace

TEST_CASE("a program's output ends when the program ends even if it leaves a child running") {
  expect_within_5_s([] {
    Story story;
    Program program(story, leaver("echo out; echo error >&2; exit 3"));
    CHECK(program.rest() == "out\n");
    program.expect_exit(3);
    CHECK(program.errors() == "error\n");
  });
}

TEST_CASE("everything that a program printed is read even if it leaves a child running") {
  expect_within_5_s([] {
    Story story;
    Program program(story, leaver("head -c 60000 /dev/zero"));
    CHECK(program.rest() == std::string(60'000, '\0'));
  });
}

TEST_CASE("a server that ends but leaves a child running is reported as ended") {
  expect_within_5_s([] {
    Story story;
    Server server(story, leaver("echo listening on localhost port 4711"));
    std::string instead;
    try {
      server.line();
    } catch (const Failed& failed) {
      instead = failed.instead();
    }
    CHECK(instead == "it ended with status 0");
  });
}

TEST_CASE("killing a program does not wait for its child") {
  expect_within_5_s([] {
    Story story;
    Program program(story, leaver("echo ready; wait"));
    program.expect_line("ready");
  });
}
