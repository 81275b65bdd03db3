// Prints the page of the matrix, with what each facility answers now, and what was recorded elsewhere: `matrix-page
// FILE`. Fails if one answers otherwise than documented. `matrix-page --answers` prints only the answers, to be such a
// FILE.
#include "matrix.hpp"

#include <fstream>
#include <iostream>
#include <map>
#include <string_view>

namespace {

/// What another system answered, by situation: a line is "SITUATION => ANSWER on select; ANSWER on poll".
using Recorded = std::map<std::string, std::string>;

Recorded read_recorded(const char* path) {
  constexpr std::string_view arrow = " => ";
  std::ifstream file(path);
  Recorded recorded;
  for (std::string line; std::getline(file, line);)
    if (const auto at = line.find(arrow); at != line.npos)
      recorded[line.substr(0, at)] = line.substr(at + arrow.size());
  return recorded;
}

/// The answers of all facilities here: once if they agree.
std::string answers(const matrix::Question& question) {
  std::string first, all;
  bool agree = true;
  for (const auto& column : matrix::columns()) {
    const std::string answer = column.ask(question);
    if (all.empty()) first = answer;
    agree = agree && answer == first;
    all += (all.empty() ? "" : "; ") + column.name + ": " + answer;
  }
  return agree ? first : all;
}

void print_answers(const std::vector<matrix::Question>& questions) {
  for (const auto& question : questions) std::cout << question.situation << " => " << answers(question) << '\n';
}

bool print_table(const std::vector<matrix::Question>& questions, const Recorded& on_windows) {
  const auto columns = matrix::columns();
  std::cout << "\n| what the program does | the answer |";
  for (const auto& column : columns) std::cout << ' ' << column.name << " |";
  std::cout << " Windows |\n|---|---|";
  for (std::size_t i = 0; i <= columns.size(); ++i) std::cout << ":-:|";
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
    const auto recorded = on_windows.find(question.situation);
    const std::string there = recorded == on_windows.end() ? "not recorded" : recorded->second;
    std::cout << ' ' << (there == question.answer ? "✓" : there) << " |\n";
  }
  return all_agree;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view argument = argc > 1 ? argv[1] : "";
  if (argument == "--answers") {
    print_answers(matrix::misuse());
    print_answers(matrix::legal_use());
    return 0;
  }
  const Recorded on_windows = read_recorded(argc > 1 ? argv[1] : "");
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
               "\n"
               "The column of Windows was recorded under Wine 8, for select and WSAPoll, and a test holds it against "
               "what they answer. A\n"
               "dash stands for what Windows does not have. A pipe is a pair of sockets there.\n"
               "\n## What no program should do\n";
  bool all_agree = print_table(matrix::misuse(), on_windows);
  std::cout << "\n## What programs may do\n";
  all_agree = print_table(matrix::legal_use(), on_windows) && all_agree;
  std::cout
      << "\n## Where the answers end\n\n"
         "With poll, select and kqueue a number that was closed and reused is recognised by the device and inode "
         "behind it, with epoll\n"
         "by the kernel's own entry. Files without an inode of their own (an eventfd, a timerfd, an epoll instance), "
         "and\n"
         "the same FIFO or file opened anew, look alike to the former. A number that epoll\n"
         "reports in every wait, and that is closed while a duplicate lives, may be reported up to 64 times more "
         "before the\n"
         "selector looks at it. The child of fork(2) is recognised, one made by\n"
         "clone(2) directly is not.\n";
  return all_agree ? 0 : 1;
}
