// Shows one pitfall of the gallery: the program that makes the mistake falls, the lesson's program stands.
#include "gallery.hpp"

#include "support/program.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <regex>

using pitfalls::Pitfall;
using support::Command;
using support::Failed;
using support::Story;

namespace {

constexpr int skipped = 77;

int list() {
  for (const auto& pitfall : pitfalls::gallery()) {
    std::cout.width(2);
    std::cout << pitfall.row << "  ";
    std::cout.width(20);
    std::cout << std::left << pitfall.name << std::right << pitfall.title << '\n';
  }
  return 0;
}

/// True if it falls, and falls of this.
bool falls(const Pitfall& pitfall) {
  const std::string program(pitfall.program);
  std::cout << "The mistake, tests/pitfalls/programs/" << program << ".cpp:\n\n";
  Story story(std::chrono::seconds(3), &std::cout);
  try {
    pitfall.demonstration(story, Command(program, "'" PROGRAMS_DIR "/pitfall-" + program + "'"));
  } catch (const Failed& failed) {
    std::cout << "\n  expected: " << failed.expected() << "\n  but:      " << failed.instead() << '\n';
    if (std::regex_search(failed.instead(), std::regex(std::string(pitfall.fall)))) {
      std::cout << "\nIt falls.\n\n";
      return true;
    }
    std::cout << "\nIt falls, but not of its mistake (expected: " << pitfall.fall << ").\n\n";
    return false;
  }
  std::cout << "\nIt stands, although it should fall.\n\n";
  return false;
}

/// True if the lesson's program, or the student's own, stands.
bool stands(const Pitfall& pitfall) {
  const Command program(pitfall.lesson);
  std::cout << "The lesson's program, " << program.name << ":\n\n";
  Story story(std::chrono::seconds(10), &std::cout);
  try {
    pitfall.demonstration(story, program);
  } catch (const Failed& failed) {
    std::cout << "\n  expected: " << failed.expected() << "\n  but:      " << failed.instead() << "\n\nIt falls.\n";
    return false;
  }
  std::cout << "\nIt stands.\n\n";
  return true;
}

int show(const Pitfall& pitfall) {
  if (pitfall.needs_strace && std::system("strace -qq true 2>/dev/null") != 0) {
    std::cout << "This needs strace, and it cannot be run here.\n";
    return skipped;
  }
  std::cout << pitfall.row << ". " << pitfall.title << "\n\n";
  const bool shown = falls(pitfall);
  const bool stood = stands(pitfall);
  std::cout << "Why, and the cure: docs/pitfalls/" << pitfall.name << ".md\n";
  return shown && stood ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view name = argc == 2 ? argv[1] : "--help";
  if (name == "--list") return list();
  const auto all = pitfalls::gallery();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Pitfall& one) { return one.name == name; });
  try {
    if (found != all.end()) return show(*found);
  } catch (const std::exception& error) {
    std::cerr << "pitfall: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
  std::cerr << (argc == 2 && name != "--help" ? "pitfall: there is no pitfall '" + std::string(name) + "'\n" : "")
            << "usage: pitfall NAME | --list\n";
  return 2;
}
