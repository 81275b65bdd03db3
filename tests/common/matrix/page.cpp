// Prints the page of the matrix, with what each facility answers now. Fails if one answers otherwise than documented.
#include "matrix.hpp"

#include <iostream>

namespace {

bool print_table(const std::vector<matrix::Question>& questions) {
  const auto columns = matrix::columns();
  std::cout << "\n| what the program does | the answer |";
  for (const auto& column : columns) std::cout << ' ' << column.name << " |";
  std::cout << "\n|---|---|";
  for (std::size_t i = 0; i < columns.size(); ++i) std::cout << ":-:|";
  std::cout << '\n';
  bool all_agree = true;
  for (const auto& question : questions) {
    std::cout << "| " << question.situation << " | " << question.answer << " |";
    for (const auto& column : columns) {
      const std::string answer = column.ask(question);
      const bool agrees = answer == column.expected(question);
      all_agree = all_agree && agrees;
      std::cout << ' ' << (answer == question.answer ? "✓" : agrees ? answer : "**" + answer + "**") << " |";
    }
    std::cout << '\n';
  }
  return all_agree;
}

}  // namespace

int main() {
  std::cout << "# One answer on every facility\n\n"
               "What a selector answers does not depend on which facility of the kernel it stands on. This page was "
               "written by\n"
               "the program that asks: each row was tried on each facility when the book was built, and a row that is "
               "answered\n"
               "otherwise than documented fails the build, and the test of the same name. A check mark stands for the "
               "answer\n"
               "in the second column. “sleeps” means that a wait is slept through: neither an event nor a processor "
               "that burns.\n"
               "The numbers are the keys' data: 1 was registered first.\n"
               "\n## What no program should do\n";
  bool all_agree = print_table(matrix::misuse());
  std::cout << "\n## What programs may do\n";
  all_agree = print_table(matrix::legal_use()) && all_agree;
  std::cout
      << "\n## Where the answers end\n\n"
         "To poll, select and kqueue a number that was closed and reused is told by the device and inode behind it, to "
         "epoll\n"
         "by the kernel's own entry. Files without an inode of their own (an eventfd, a timerfd, an epoll instance), "
         "and\n"
         "the same FIFO or file opened anew, look alike to the former. A number that epoll\n"
         "reports in every wait, and that is closed while a duplicate lives, may be reported up to 64 times more "
         "before the\n"
         "selector looks at it. The child of fork(2) is recognised, one made by\n"
         "clone(2) directly is not.\n";
  return all_agree ? 0 : 1;
}
