// Prints the page of the matrix, with what each facility answers now, and what was recorded elsewhere: `matrix-page
// FILE`. Fails if one answers otherwise than documented. `matrix-page --answers` prints only the answers, to be such a
// FILE.
#include "matrix.hpp"

#include <fstream>
#include <iostream>
#include <map>
#include <string_view>

namespace {

/// The text above the tables.
constexpr std::string_view about = R"(# One answer on every facility

A selector gives the same answers whichever facility of the kernel it uses. A program wrote this page while the book was
built: it tried every row on every facility. If an answer differs from the documented one, the build of the book fails,
and so does a test. A check mark stands for the answer in the second column. “sleeps” means that the program sleeps
through the whole wait: it gets no event, and uses no processor time. The numbers are the keys' data: 1 was registered
first.

The Windows column was recorded under Wine 8, for select and WSAPoll, and a test compares it with their answers. A dash
means that Windows has no such thing. A pipe is a pair of sockets there.

## Misuse
)";

/// The text below them.
constexpr std::string_view limits = R"(
## Limits

When a descriptor was closed and its number is used again, poll, select and kqueue recognise that by the device and inode
behind the number, and epoll by the kernel's own entry. So poll, select and kqueue cannot distinguish files without an
inode of their own (an eventfd, a timerfd, an epoll instance), or the same FIFO or file when it is opened again. If epoll
reports a descriptor in every wait, and the descriptor is closed while a duplicate of it is still open, the selector may
report it up to 64 times more before it checks. A child made by fork(2) is recognised; one made directly by clone(2) is
not.
)";

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
  std::cout << about;
  bool all_agree = print_table(matrix::misuse(), on_windows);
  std::cout << "\n## Correct use\n";
  all_agree = print_table(matrix::legal_use(), on_windows) && all_agree;
  std::cout << limits;
  return all_agree ? 0 : 1;
}
