// The gallery: each pitfall with a program that makes the mistake, a lesson's program that does not, and a
// demonstration that the one falls of and the other stands.
#pragma once

#include "support/process.hpp"
#include "support/story.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace pitfalls {

/// Stages what brings a program down that makes the mistake; throws support::Failed when it does.
using Demonstration = void (*)(support::Story& story, const support::Command& program);

/// What a demonstration needs beyond the loopback.
enum class Needs : std::uint8_t { nothing, strace, namespaces };

struct Pitfall {
  int row;                      ///< Its number among the 30.
  std::string_view name;        ///< What it is called everywhere: `./learn pitfall NAME`, docs/pitfalls/NAME.md.
  std::string_view title;       ///< The mistake in a few words.
  std::string_view program;     ///< The program that makes it: programs/PROGRAM.cpp.
  std::string_view lesson;      ///< The lesson's program that stands, by its environment variable.
  Demonstration demonstration;  ///< What is done to either.
  std::string_view fall;        ///< What the fall looks like: a regular expression found in what Failed says.
  Needs needs = Needs::nothing;
};

/// All of them, in the order of their numbers.
std::span<const Pitfall> gallery();

}  // namespace pitfalls
