// Shows one pitfall of the gallery: the program with the mistake fails, the lesson's program survives.
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

/// Shows the demonstration on a program, and returns how the program failed; nothing if it survived.
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

/// What the demonstration needs and cannot have here; empty if nothing is missing.
std::string missing_for(const Pitfall& pitfall) {
  if (pitfall.needs == Needs::strace && !support::can_trace()) return "strace, which cannot be run here";
  if (pitfall.needs == Needs::namespaces && !pitfalls::Wire::can_be_laid())
    return "network namespaces of its own, which need root and ip(8) and cannot be made here";
  return "";
}

/// The program with the mistake.
Command mistake(const Pitfall& pitfall) {
  const std::string program(pitfall.program);
  return {program, "'" PROGRAMS_DIR "/pitfall-" + program + "'"};
}

/// Plays the scene once, without a verdict: for a recording, which makes programs slow.
int play(const Pitfall& pitfall, bool with_mistake) {
  if (!missing_for(pitfall).empty()) return skipped;
  pitfalls::in_small = true;
  stage(pitfall, with_mistake ? mistake(pitfall) : Command(pitfall.lesson), std::chrono::seconds(20));
  return EXIT_SUCCESS;
}

/// True if it fails, and because of this mistake.
bool fails(const Pitfall& pitfall) {
  const Command wrong = mistake(pitfall);
  std::cout << "The program with the mistake, tests/pitfalls/programs/" << wrong.name << ".cpp:\n\n";
  const auto failure = stage(pitfall, wrong, std::chrono::seconds(3));  // how long we wait for one that hangs
  if (!failure) {
    std::cout << "\nIt survives, although it should fail.\n\n";
    return false;
  }
  if (!std::regex_search(failure->instead(), std::regex(std::string(pitfall.failure)))) {
    std::cout << "\nIt fails, but not because of this mistake (expected: " << pitfall.failure << ").\n\n";
    return false;
  }
  std::cout << "\nIt fails, as it should.\n\n";
  return true;
}

/// True if the lesson's program, or the student's own, survives.
bool survives(const Pitfall& pitfall) {
  const Command program(pitfall.lesson);
  std::cout << "The lesson's program, " << program.name << ":\n\n";
  const bool survived = !stage(pitfall, program, std::chrono::seconds(10));
  std::cout << (survived ? "\nIt survives.\n\n" : "\nIt fails.\n\n");
  return survived;
}

int show(const Pitfall& pitfall, bool mistake_too) {
  if (const std::string missing = missing_for(pitfall); !missing.empty()) {
    std::cout << "This pitfall needs " << missing << ".\n";
    return skipped;
  }
  std::cout << pitfall.row << ". " << pitfall.title << "\n\n";
  const bool shown = !mistake_too || fails(pitfall);
  const bool survived = survives(pitfall);
  std::cout << "Why it fails, and how to fix it: docs/pitfalls/" << pitfall.name << ".md\n";
  return shown && survived ? EXIT_SUCCESS : EXIT_FAILURE;
}

int usage(const std::string& mistake) {
  if (!mistake.empty()) std::cerr << "pitfall: " << mistake << '\n';
  (mistake.empty() ? std::cout : std::cerr)
      << "usage: pitfall NAME [--lesson | --play mistake | --play lesson] | --list\n"
         "  NAME      show the pitfall: the program with the mistake fails, the lesson's program survives\n"
         "  --lesson  show the lesson's program only, or your own: MULTICONN_SERVER=\"python3 mine.py\"\n"
         "  --play    play the scene on one of the two programs, without a verdict: for a recording\n"
         "  --list    list the pitfalls\n";
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
