#include "results.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

namespace bench {
namespace {

constexpr std::string_view header = "run,machine,workload,configuration,contestant,round,measure,value,unit";
constexpr auto not_comparable =
    "figures of different runs are not comparable (machine, load and kernel differ); measure both in one run";

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\n") == field.npos) return field;
  std::string text = "\"";
  for (const char c : field) {
    if (c == '"') text += '"';
    text += c == '\n' ? ' ' : c;
  }
  return text + '"';
}

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields(1);
  bool inside = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && inside && i + 1 < line.size() && line[i + 1] == '"')
      fields.back() += line[++i];
    else if (line[i] == '"')
      inside = !inside;
    else if (line[i] == ',' && !inside)
      fields.emplace_back();
    else
      fields.back() += line[i];
  }
  return fields;
}

template <class Number>
Number number(const std::string& field, const std::string& where) {
  Number value{};
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size())
    throw Refusal(where + ": '" + field + "' is not a number");
  return value;
}

}  // namespace

std::string as_csv(const Results& results) {
  std::ostringstream text;
  text.precision(10);
  for (const auto& line : results.about) text << "# " << line << '\n';
  text << header << '\n';
  for (const auto& sample : results.samples)
    text << quoted(results.run) << ',' << quoted(results.machine) << ',' << quoted(sample.workload) << ','
         << quoted(sample.configuration) << ',' << quoted(sample.contestant) << ',' << sample.round << ','
         << quoted(sample.measure) << ',' << sample.value << ',' << quoted(sample.unit) << '\n';
  return text.str();
}

Results from_csv(const std::string& text, const std::string& name) {
  Results results;
  std::istringstream lines(text);
  bool in_head = true;
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    const std::string where = name + ", line " + std::to_string(++count);
    if (in_head && line.starts_with("# ")) {
      results.about.push_back(line.substr(2));
      continue;
    }
    if (in_head) {
      if (line != header)
        throw Refusal(where + ": this is no file of results, '" + std::string(header) + "' is expected");
      in_head = false;
      continue;
    }
    const auto fields = fields_of(line);
    if (fields.size() != 9)
      throw Refusal(where + ": 9 fields are expected, " + std::to_string(fields.size()) + " found");
    if (!results.run.empty() && results.run != fields[0])
      throw Refusal(name + " holds the runs " + results.run + " and " + fields[0] + ": " + not_comparable);
    results.run = fields[0];
    results.machine = fields[1];
    results.samples.push_back({fields[2], fields[3], fields[4], number<int>(fields[5], where), fields[6],
                               number<double>(fields[7], where), fields[8]});
  }
  if (in_head) throw Refusal(name + ": this is no file of results, it is empty");
  return results;
}

Results read_results(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Refusal("read the results " + path + ": " + std::strerror(errno));
  return from_csv(std::string(std::istreambuf_iterator<char>(file), {}), path);
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("write " + path + ": " + std::strerror(errno));
}

void refuse_to_mix(const Results& before, const std::vector<std::string>& workloads,
                   const std::vector<std::string>& contestants, const std::string& path) {
  const auto has = [](const auto& all, const std::string& one) {
    return std::any_of(all.begin(), all.end(), [&](const auto& name) { return one == name; });
  };
  for (const auto& sample : before.samples)
    if (!has(workloads, sample.workload) || !has(contestants, sample.contestant))
      throw Refusal(path + " holds " + sample.workload + " of " + sample.contestant + " from the run " + before.run +
                    ", which is not measured now: " + not_comparable + ", or name another --output");
}

std::string only_one_run(const std::vector<std::string>& files) {
  if (files.size() != 1) throw Refusal("--show " + files.at(0) + " and " + files.at(1) + ": " + not_comparable);
  return files.front();
}

}  // namespace bench
