// The benchmark: what was asked for, in one run, and its page.
#include "check.hpp"
#include "counts.hpp"
#include "machine.hpp"
#include "plan.hpp"
#include "report/names.hpp"
#include "report/options.hpp"
#include "report/plots.hpp"
#include "report/tables.hpp"
#include "report/targets.hpp"
#include "running.hpp"
#include "support/marked_page.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>

namespace bench {
namespace {

/// As many descriptors as we may have: every connection takes one of ours.
void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Root may go before what else runs on the machine, and takes what it starts along.
void go_before_others() { setpriority(PRIO_PROCESS, 0, -10); }

std::string told(Pin pin) {
  if (pin == Pin::same) return "server and load pinned to the same CPU";
  if (pin == Pin::apart) return "server and load pinned to a CPU each";
  return "server and load pinned to no CPU";
}

Steps steps_of(const std::string& workload, const std::vector<Contestant>& all, const Scale& scale) {
  using Make = Steps (*)(const std::vector<Contestant>&, const Scale&);
  static const std::map<std::string, Make> makers = {{"ctl", ctl},           {"echo", echo},
                                                     {"chat", chat},         {"slow", slow},
                                                     {"memory", memory},     {"instructions", count_instructions},
                                                     {"calls", count_calls}, {"growth", growth}};
  const auto found = makers.find(workload);
  return found == makers.end() ? hot_and_dispatch(workload, all, scale) : found->second(all, scale);
}

bool chosen(const std::vector<std::string>& names, const std::string& name) {
  return names.empty() || std::find(names.begin(), names.end(), name) != names.end();
}

/// What a run writes: its samples, its tables and its pictures.
void write(const std::filesystem::path& folder, const Results& results) {
  std::filesystem::create_directories(folder);
  const Figures figures(results.samples);
  write_file(folder / "results.csv", as_csv(results));
  write_file(folder / "results.md", as_page(results));
  write_file(folder / "results.svg", ratio_plot(figures, results.machine));
  write_file(folder / "growth.svg", growth_plot(figures, results.machine));
}

/// What the book shows of a run: the tables in its page, the pictures beside it.
void write_book(const std::filesystem::path& folder, const std::filesystem::path& written, const Results& results) {
  support::write_between((folder / "performance.md").string(), "bench", as_section(results));
  std::filesystem::create_directories(folder / "benchmark");
  for (const auto* const picture : {"results.svg", "growth.svg"})
    std::filesystem::copy_file(written / picture, folder / "benchmark" / picture,
                               std::filesystem::copy_options::overwrite_existing);
}

/// What the folder holds may be replaced by a run that measures all of it again.
void refuse_to_mix(const std::filesystem::path& folder, const Steps& steps) {
  const auto file = folder / "results.csv";
  if (!std::filesystem::exists(file)) return;
  std::vector<std::string> workloads;
  std::vector<std::string> names;
  for (const auto& step : steps) {
    workloads.push_back(step.workload);
    for (const auto& entrant : step.entrants) names.push_back(entrant.name);
  }
  refuse_to_mix(read_results(file), workloads, names, file);
}

int run(const Options& options) {
  const std::filesystem::path folder = options.output.empty() ? RESULTS_DIR : options.output;
  Scale scale;
  scale.quick = options.quick;
  scale.rounds = options.rounds > 0 ? options.rounds : scale.pick(5, 3);
  const auto all = contestants(CONTESTANTS, options.contestants);
  Steps steps;
  for (const auto& workload : all_workloads)
    if (chosen(options.workloads, workload))
      for (auto& step : steps_of(workload, all, scale)) steps.push_back(std::move(step));
  refuse_to_mix(folder, steps);

  Results results;
  results.run = new_run();
  results.machine = machine();
  results.about = surroundings(told(options.pin));
  for (const auto& line : versions(all)) results.about.push_back(line);
  for (const auto& [workload, why] : {std::pair("instructions", no_callgrind()), std::pair("calls", no_strace())})
    if (!why.empty() && (chosen(options.workloads, workload) || chosen(options.workloads, "growth")))
      results.about.push_back("no " + (workload + (": " + why)));
  for (const auto& line : results.about) std::cout << line << '\n';
  std::cout << std::endl;

  const bool good = measure(steps, results);
  write(folder, results);
  if (!options.book.empty()) write_book(options.book, folder, results);
  std::cout << in_short(Figures(results.samples)) << '\n';
  for (const auto& sample : results.samples)
    if (sample.measure == failed)
      std::cout << "not measured: " << sample.workload << ", " << sample.configuration << ": " << sample.contestant
                << ": " << sample.unit << '\n';
  std::cout << "All tables, plots and samples: " << folder.string() << '\n';
  return good ? 0 : 1;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  try {
    const auto options = bench::parse({argv + 1, argv + argc});
    if (options.help) {
      std::cout << bench::usage();
      return 0;
    }
    if (!options.show.empty()) {
      std::cout << bench::as_page(bench::read_results(bench::only_one_run(options.show)));
      return 0;
    }
    bench::raise_descriptor_limit();
    bench::go_before_others();
    bench::catch_interruption();
    bench::pin_driver(options.pin);
    if (options.check) return bench::check(bench::contestants(CONTESTANTS, {"raw", "ours"}));
    return bench::run(options);
  } catch (const std::invalid_argument& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return 2;
  } catch (const bench::Refusal& refusal) {
    std::cerr << "bench: " << refusal.what() << '\n';
    return 2;
  } catch (const bench::Interrupted&) {
    std::cerr << "bench: interrupted\n";
    return 130;
  } catch (const std::exception& error) {
    std::cerr << "bench: " << error.what() << '\n';
    return 1;
  }
}
