// The half of the row "random bytes" that needs no server: what parses, under libFuzzer.
#include "fuzzers.hpp"

#include "row.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <vector>

namespace reliability {
namespace {

/// True if it has gone through all of them in half an hour, and every one was right.
bool withstands(const std::string& fuzzer, const std::string& folder, std::uint64_t inputs) {
  const std::string command = "timeout 1800 '" + fuzzer + "' -runs=" + std::to_string(inputs) +
                              " -seed=1 -max_len=128 -verbosity=0 -close_fd_mask=3 -artifact_prefix='" + folder +
                              "/' >'" + fuzzer + ".log' 2>&1";
  return std::system(command.c_str()) == 0;
}

}  // namespace

FuzzerFigure fuzz(const std::string& folder, std::uint64_t inputs) {
  std::vector<std::pair<std::string, std::future<bool>>> runs;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string name = entry.path().filename();
    if (name.starts_with("fuzz-") && !entry.path().has_extension())
      runs.emplace_back(name.substr(5), std::async(std::launch::async, withstands, entry.path(), folder, inputs));
  }
  if (runs.empty())
    throw std::runtime_error("--fuzzers '" + folder + "': there are none (cmake --build --preset fuzz)");
  std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string names;
  std::string found;
  for (auto& [name, run] : runs) {
    names += (names.empty() ? "`" : ", `") + name + '`';
    if (!run.get()) found += (found.empty() ? "" : ", ") + name;
  }
  return {"What parses, under libFuzzer (" + names + "): " + grouped(inputs) + " inputs each, " +
              (found.empty() ? "0 findings." : "✗ findings in " + found + "."),
          found.empty()};
}

}  // namespace reliability
