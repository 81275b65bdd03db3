#include "report/options.hpp"

#include "support/catch.hpp"

#include <stdexcept>

using namespace bench;

namespace {

std::string refused(const std::vector<std::string>& arguments) {
  try {
    parse(arguments);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

}  // namespace

TEST_CASE("the options are understood") {
  const auto options =
      parse({"--quick", "--only", "hot,echo", "--with=libuv", "--rounds", "7", "--output", "there", "--pin", "apart"});
  CHECK(options.quick);
  CHECK_FALSE(options.check);
  CHECK(options.workloads == std::vector<std::string>{"hot", "echo"});
  CHECK(options.contestants == std::vector<std::string>{"libuv"});
  CHECK(options.rounds == 7);
  CHECK(options.output == "there");
  CHECK(options.pin == Pin::apart);
  CHECK(parse({}).pin == Pin::same);
  CHECK(parse({"-h"}).help);
  CHECK(parse({"--check"}).check);
  CHECK(parse({"--book", "docs"}).book == "docs");
  CHECK(parse({"--show", "a.csv", "b.csv"}).show == std::vector<std::string>{"a.csv", "b.csv"});
}

TEST_CASE("a bad argument is one line that names it") {
  CHECK(refused({"--only", "hot,warm"}).starts_with("--only 'warm': there are hot, dispatch, ctl"));
  CHECK(refused({"--only", ""}).starts_with("--only '': there are"));
  CHECK(refused({"--with", "libev,"}).starts_with("--with '': there are raw, ours"));
  CHECK(refused({"--rounds", "0"}) == "--rounds '0': it has to be a number from 1 to 1000");
  CHECK(refused({"--rounds", "3x"}) == "--rounds '3x': it has to be a number from 1 to 1000");
  CHECK(refused({"--pin", "near"}) == "--pin 'near': there are same, apart, none");
  CHECK(refused({"--fast"}) == "unknown argument '--fast' (--help)");
  CHECK(refused({"-x"}) == "unknown argument '-x' (--help)");
  CHECK(refused({"--only"}) == "--only: what? (--help)");
  CHECK(refused({"hot"}) == "unknown argument 'hot' (--help)");
  CHECK(refused({"--quick=1"}).starts_with("unknown argument '--quick=1'"));
}
