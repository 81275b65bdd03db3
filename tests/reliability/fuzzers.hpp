#pragma once

#include <cstdint>
#include <string>

namespace reliability {

struct FuzzerFigure {
  std::string text;
  bool met;
};

/// Gives each fuzzer in the folder (build/fuzz/tests/fuzz) so many inputs, all fuzzers at once.
FuzzerFigure fuzz(const std::string& folder, std::uint64_t inputs);

}  // namespace reliability
