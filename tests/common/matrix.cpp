#include "matrix/matrix.hpp"

#include "../support/catch.hpp"

namespace {

void check(const std::vector<matrix::Question>& questions) {
  for (const auto& column : matrix::columns()) {
    for (const auto& question : questions) {
      INFO(column.name << ": " << question.situation);
      CHECK(column.ask(question) == column.expected(question));
    }
  }
}

}  // namespace

TEST_CASE("every facility gives the documented answer to what no program should do") { check(matrix::misuse()); }

TEST_CASE("every facility gives the documented answer to what programs may do") { check(matrix::legal_use()); }
