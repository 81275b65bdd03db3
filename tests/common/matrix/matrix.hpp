// One question after the other that programs put to a selector, by mistake or rightly, and the one documented answer.
#pragma once

#include <selectors/selectors.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace matrix {

using Selector = selectors::BaseSelector<int>;

/// One row.
struct Question {
  std::string situation;                            ///< What the program does.
  std::string answer;                               ///< What every facility answers, as documented.
  std::function<std::string(Selector&)> answer_of;  ///< Does it, and says what a selector answers.
  std::string except_on_select = {};                ///< select(2) cannot give the answer of the others in one case.
};

/// Thrown where this system does not have what a question is about.
struct Missing {};

/// The answer then.
inline constexpr const char* missing = "–";

/// A facility that is built in here.
struct Column {
  std::string name;
  std::function<std::unique_ptr<selectors::Facility>()> make;

  /// What is documented for this one.
  [[nodiscard]] const std::string& expected(const Question& question) const;

  /// What it answers. An exception that the question does not expect is an answer too.
  [[nodiscard]] std::string ask(const Question& question) const;
};

/// All facilities that are built in here.
std::vector<Column> columns();

/// What no program should do, and what happens then.
std::vector<Question> misuse();

/// What programs may do, and where facilities differ by themselves.
std::vector<Question> legal_use();

}  // namespace matrix
