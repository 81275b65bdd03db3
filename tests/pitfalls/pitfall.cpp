// Shows one pitfall of the gallery: the program that makes the mistake falls, the lesson's program stands.
#include "gallery.hpp"
#include "stage.hpp"
#include "wire.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <regex>
#include <vector>

using pitfalls::Needs;
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

/// Shows the demonstration on a program, and returns how it fell; nothing if it stood.
std::optional<Failed> stage(const Pitfall& pitfall, const Command& program, std::chrono::seconds patience) {
  Story story(patience, &std::cout);
  try {
    pitfall.demonstration(story, program);
  } catch (const Failed& failed) {
    std::cout << "\n  expected: " << failed.expected() << "\n  but:      " << failed.instead() << '\n';
    return failed;
  }
  return std::nullopt;
}

/// What it needs and cannot have here; empty if it has all it needs.
std::string missing_for(const Pitfall& pitfall) {
  if (pitfall.needs == Needs::strace && !support::can_trace()) return "strace, and it cannot be run here";
  if (pitfall.needs == Needs::namespaces && !pitfalls::Wire::can_be_laid())
    return "network namespaces of its own, which take root and ip(8), and it cannot have them here";
  return "";
}

/// The program that makes the mistake.
Command mistake(const Pitfall& pitfall) {
  const std::string program(pitfall.program);
  return {program, "'" PROGRAMS_DIR "/pitfall-" + program + "'"};
}

/// Plays the scene once and judges nothing: to be recorded, which makes programs slow.
int play(const Pitfall& pitfall, bool with_mistake) {
  if (!missing_for(pitfall).empty()) return skipped;
  pitfalls::in_small = true;
  stage(pitfall, with_mistake ? mistake(pitfall) : Command(pitfall.lesson), std::chrono::seconds(20));
  return EXIT_SUCCESS;
}

/// True if it falls, and falls of this.
bool falls(const Pitfall& pitfall) {
  const Command wrong = mistake(pitfall);
  std::cout << "The mistake, tests/pitfalls/programs/" << wrong.name << ".cpp:\n\n";
  const auto fall = stage(pitfall, wrong, std::chrono::seconds(3));  // where falling is to hang, this much is waited
  if (!fall) {
    std::cout << "\nIt stands, although it should fall.\n\n";
    return false;
  }
  if (!std::regex_search(fall->instead(), std::regex(std::string(pitfall.fall)))) {
    std::cout << "\nIt falls, but not of its mistake (expected: " << pitfall.fall << ").\n\n";
    return false;
  }
  std::cout << "\nIt falls.\n\n";
  return true;
}

/// True if the lesson's program, or the student's own, stands.
bool stands(const Pitfall& pitfall) {
  const Command program(pitfall.lesson);
  std::cout << "The lesson's program, " << program.name << ":\n\n";
  const bool stood = !stage(pitfall, program, std::chrono::seconds(10));
  std::cout << (stood ? "\nIt stands.\n\n" : "\nIt falls.\n");
  return stood;
}

int show(const Pitfall& pitfall, bool mistake_too) {
  if (const std::string missing = missing_for(pitfall); !missing.empty()) {
    std::cout << "This needs " << missing << ".\n";
    return skipped;
  }
  std::cout << pitfall.row << ". " << pitfall.title << "\n\n";
  const bool shown = !mistake_too || falls(pitfall);
  const bool stood = stands(pitfall);
  std::cout << "Why, and the cure: docs/pitfalls/" << pitfall.name << ".md\n";
  return shown && stood ? EXIT_SUCCESS : EXIT_FAILURE;
}

int usage(const std::string& mistake) {
  if (!mistake.empty()) std::cerr << "pitfall: " << mistake << '\n';
  (mistake.empty() ? std::cout : std::cerr)
      << "usage: pitfall NAME [--lesson | --play mistake | --play lesson] | --list\n"
         "  NAME      show the pitfall: the program that makes the mistake falls, the lesson's program stands\n"
         "  --lesson  show the lesson's program only, or your own: MULTICONN_SERVER=\"python3 mine.py\"\n"
         "  --play    play the scene on one of the two programs and judge nothing: for a recording\n"
         "  --list    the names\n";
  return mistake.empty() ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (arguments.empty() || arguments[0] == "--help") return usage("");
  if (arguments[0] == "--list") return list();
  const bool lesson_only = arguments.size() == 2 && arguments[1] == "--lesson";
  const bool to_record =
      arguments.size() == 3 && arguments[1] == "--play" && (arguments[2] == "mistake" || arguments[2] == "lesson");
  if (arguments.size() > 1 && !lesson_only && !to_record)
    return usage("unexpected argument '" + std::string(arguments[1]) + "'");
  const auto all = pitfalls::gallery();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Pitfall& one) { return one.name == arguments[0]; });
  if (found == all.end()) return usage("there is no pitfall '" + std::string(arguments[0]) + "' (--list names them)");
  try {
    return to_record ? play(*found, arguments[2] == "mistake") : show(*found, !lesson_only);
  } catch (const std::exception& error) {
    std::cerr << "pitfall: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
