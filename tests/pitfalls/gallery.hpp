// The gallery: each pitfall with a program that makes the mistake, a lesson's program that does not, and a
// demonstration that makes the first one fail and that the second one survives.
#pragma once

#include "support/process.hpp"
#include "support/story.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace pitfalls {

/// Produces the situation in which a program with the mistake fails; throws support::Failed if it does.
using Demonstration = void (*)(support::Story& story, const support::Command& program);

/// What a demonstration needs beyond the loopback.
enum class Needs : std::uint8_t { nothing, strace, namespaces };

struct Pitfall {
  int row;                      ///< Its number among the 30.
  std::string_view name;        ///< Its name everywhere: `./learn pitfall NAME`, docs/pitfalls/NAME.md.
  std::string_view title;       ///< The mistake in a few words.
  std::string_view program;     ///< The program with the mistake: programs/PROGRAM.cpp.
  std::string_view lesson;      ///< The lesson's program that survives, by its environment variable.
  Demonstration demonstration;  ///< What is done to both of them.
  std::string_view failure;     ///< What the failure looks like: a regular expression for the text of Failed.
  Needs needs = Needs::nothing;
};

/// All of them, in the order of their numbers.
std::span<const Pitfall> gallery();

}  // namespace pitfalls
