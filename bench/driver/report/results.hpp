// What one run has measured, in memory and in a file.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

/// One figure of one contestant in one round.
struct Sample {
  std::string workload;
  std::string configuration;
  std::string contestant;
  int round = 0;
  std::string measure;
  double value = 0;
  std::string unit;
};

/// The measure of a sample that says why there is no figure; its unit is the message.
inline constexpr auto failed = "failed";

/// All samples of one run. Those of another are on another machine, under another load or another kernel.
struct Results {
  std::string run = {};                 ///< Tells the run from every other.
  std::string machine = {};             ///< In one line.
  std::vector<std::string> about = {};  ///< Where, when and with which versions, a line each.
  std::vector<Sample> samples = {};
};

/// What was asked for would not be a fair figure, or cannot be read.
class Refusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The samples as comma-separated values, the lines of `about` above them as comments.
std::string as_csv(const Results& results);

/// The other way round.
/// @param name what the text is called in messages.
/// @throws Refusal if it is no such text, or holds samples of more than one run.
Results from_csv(const std::string& text, const std::string& name);

/// The samples in a file.
Results read_results(const std::string& path);

/// Writes a file whole, or throws std::runtime_error.
void write_file(const std::string& path, const std::string& text);

/// Those of `before` that a run of these workloads and contestants would leave as they are would be mixed with it.
/// @throws Refusal if there are any.
void refuse_to_mix(const Results& before, const std::vector<std::string>& workloads,
                   const std::vector<std::string>& contestants, const std::string& path);

/// @throws Refusal if there is not exactly one.
std::string only_one_run(const std::vector<std::string>& files);

}  // namespace bench
