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

TEST_CASE("every facility gives the documented answer to misuse") { check(matrix::misuse()); }

TEST_CASE("every facility gives the documented answer to correct use") { check(matrix::legal_use()); }
