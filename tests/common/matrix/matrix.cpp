#include "matrix.hpp"

#include "helpers.hpp"

namespace matrix {

const std::string& Column::expected(const Question& question) const {
  return name == "select" && !question.except_on_select.empty() ? question.except_on_select : question.answer;
}

std::string Column::ask(const Question& question) const {
  std::string answer;
  try {
    const std::string end = outcome([&] {
      Selector selector(make());
      selector.on_busy_loop({});
      answer = question.answer_of(selector);
    });
    return end == "done" ? answer : end;
  } catch (const Missing&) {
    return missing;
  }
}

std::vector<Column> columns() {
  return {
#ifdef __linux__
    {"epoll", make_epoll},
#endif
#if defined(SELECTORS_HAVE_KQUEUE) && !defined(__linux__)  // libkqueue goes on to report what a duplicate keeps open
        {"kqueue", make_kqueue},
#endif
        {"poll", make_poll}, {"select", make_select},
  };
}

}  // namespace matrix
