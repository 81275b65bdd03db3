// The command line of the benchmark.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

/// On which processors the server and its load are.
enum class Pin { same, apart, none };

struct Options {
  bool quick = false;
  bool check = false;
  bool help = false;
  int rounds = 0;                             ///< 0 for as many as the length of the run asks for.
  std::vector<std::string> workloads = {};    ///< Those named; empty for all.
  std::vector<std::string> contestants = {};  ///< Those named; empty for all.
  std::string output = {};                    ///< The folder; empty for the build's own.
  std::string book = {};                      ///< The folder of the book's pages, to be written too; empty for none.
  std::vector<std::string> show = {};         ///< Results to be shown again, instead of measuring.
  Pin pin = Pin::same;
};

/// @throws std::invalid_argument in one line.
Options parse(const std::vector<std::string>& arguments);

std::string usage();

}  // namespace bench
