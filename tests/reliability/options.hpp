// How `reliability` is called.
#pragma once

#include "row.hpp"

#include <string>
#include <vector>

namespace reliability {

struct Options {
  Scale scale = {};
  std::vector<std::string> only = {};        ///< Rows; empty for all.
  std::vector<std::string> facilities = {};  ///< Empty for what the form of the run says.
  std::vector<Subject> peers = {};
  std::string table = {};    ///< A Markdown file; empty for none.
  std::string fuzzers = {};  ///< Where they have been built; empty for none.
  bool list = false;
  bool help = false;
};

/// Throws std::invalid_argument with one clear line.
Options parse(const std::vector<std::string>& arguments);

std::string usage();

}  // namespace reliability
