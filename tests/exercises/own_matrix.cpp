// The library's matrix of questions, put to the student's selector.
#include "../common/matrix/matrix.hpp"

#include "../support/catch.hpp"
#include "own_selector.hpp"

namespace {

void check(const std::vector<matrix::Question>& questions) {
  const matrix::Column own{make_own()->name(), make_own};
  for (const auto& question : questions) {
    INFO(question.situation);
    CHECK(own.ask(question) == own.expected(question));
  }
}

}  // namespace

TEST_CASE("your selector gives the documented answer to correct use") { check(matrix::legal_use()); }

TEST_CASE("your selector gives the documented answer to misuse") { check(matrix::misuse()); }
