// The scoreboard: every row, on every server, one after the other or side by side.
#include "fuzzers.hpp"
#include "options.hpp"
#include "subjects.hpp"
#include "support/marked_page.hpp"
#include "table.hpp"

#include "support/story.hpp"

#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <exception>
#include <iostream>
#include <mutex>
#include <thread>

namespace reliability {

std::vector<Row> all_rows() {
  return {injected_errno(),   signal_storm(),   idle(),        out_of_descriptors(),
          resets(),           bytes_in_order(), deaf_member(), flood(),
          many_connections(), churn(),          random_input()};
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

std::string decimal(double value, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

namespace {

/// Whatever goes wrong in measuring is a figure too, and the run goes on.
Figure measured(const Row& row, const Subject& subject, const Scale& scale) {
  try {
    return row.measure(subject, scale);
  } catch (const support::Failed& failed) {
    return {failed.instead()};
  } catch (const std::exception& error) {
    return {error.what()};
  }
}

const char* mark(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "met   ";
    case Verdict::missed:
      return "MISSED";
    case Verdict::not_applicable:
      return "n/a   ";
    case Verdict::not_measured:
      return "?     ";
  }
  return "";
}

class Run {
 public:
  Run(const Options& options, std::vector<Row> rows, std::vector<Subject> subjects)
      : scale_(options.scale), rows_(std::move(rows)), subjects_(std::move(subjects)) {}

  void measure() {
    for (std::size_t row = 0; row < rows_.size(); ++row) {
      const auto begin = support::Clock::now();
      // Ours and the peers after one another: a peer that spins is not to be felt in our figures.
      for (const bool ours : {true, false}) {
        std::vector<std::size_t> chosen;
        for (std::size_t i = 0; i < subjects_.size(); ++i)
          if (subjects_[i].ours() == ours && applies(rows_[row], subjects_[i])) chosen.push_back(i);
        measure(row, chosen);
      }
      std::cout << "        " << rows_[row].name << " took "
                << decimal(std::chrono::duration<double>(support::Clock::now() - begin).count(), 1) << " s\n";
    }
  }

  [[nodiscard]] std::string table() const { return as_table(rows_, subjects_, figures_); }

  /// How many figures of ours came out so.
  [[nodiscard]] std::size_t ours(Verdict verdict) const {
    return static_cast<std::size_t>(std::count_if(figures_.begin(), figures_.end(), [&](const auto& figure) {
      return subjects_[figure.first.second].ours() && figure.second.verdict == verdict;
    }));
  }

 private:
  [[nodiscard]] bool applies(const Row& row, const Subject& subject) const {
    return scale_.full || !row.costly || subject.facility == "epoll";
  }

  void measure(std::size_t row, const std::vector<std::size_t>& chosen) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < rows_[row].at_once; ++i)
      threads.emplace_back([&] {
        for (std::size_t mine = next++; mine < chosen.size(); mine = next++) measure_one(row, chosen[mine]);
      });
    for (auto& thread : threads) thread.join();
  }

  void measure_one(std::size_t row, std::size_t subject) {
    const Figure figure = measured(rows_[row], subjects_[subject], scale_);
    std::string name = subjects_[subject].name;
    if (subjects_[subject].ours()) name += ", " + subjects_[subject].facility;
    name.resize(std::max<std::size_t>(name.size(), 27), ' ');
    std::string row_name = rows_[row].name;
    row_name.resize(12, ' ');
    const std::lock_guard lock(mutex_);
    std::cout << mark(figure.verdict) << "  " << row_name << name << "  " << figure.text << std::endl;
    figures_[{row, subject}] = figure;
  }

  Scale scale_;
  std::vector<Row> rows_;
  std::vector<Subject> subjects_;
  std::mutex mutex_;  // guards the figures and the lines that are printed
  Figures figures_;
};

std::string machine() {
  utsname system{};
  uname(&system);
  const std::time_t now = std::time(nullptr);
  std::array<char, 32> date{};
  std::strftime(date.data(), date.size(), "%Y-%m-%d", std::localtime(&now));
  return std::string(date.data()) + ", " + system.sysname + " " + system.release + " " + system.machine + ", " +
         std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) + " processors";
}

/// As many descriptors as we may have: the row with 19,500 connections needs them.
void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/// Root may go before what else runs on the machine, and take the servers along: a p99 is then less of a lottery.
void go_before_others() { setpriority(PRIO_PROCESS, 0, -10); }

int measure(const Options& options) {
  raise_descriptor_limit();
  go_before_others();
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<Row> rows = all_rows();
  if (!options.only.empty())
    std::erase_if(rows, [&](const Row& row) {
      return std::find(options.only.begin(), options.only.end(), row.name) == options.only.end();
    });
  auto subjects =
      lessons(options.facilities.empty() ? std::vector<std::string>{"epoll", "poll", "select"} : options.facilities);
  auto peers = asyncio();
  if (peers.empty()) std::cout << "no python3 here: nothing is measured beside asyncio\n";
  peers.insert(peers.end(), options.peers.begin(), options.peers.end());
  subjects.insert(subjects.end(), peers.begin(), peers.end());

  const auto begin = std::chrono::steady_clock::now();
  Run run(options, std::move(rows), std::move(subjects));
  run.measure();
  const auto took = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin).count();

  const std::size_t missed = run.ours(Verdict::missed);
  const std::string summary = "Measured " + machine() + ", in " + std::to_string(took) + " s. Of our figures, " +
                              std::to_string(run.ours(Verdict::met)) + " meet their target and " +
                              std::to_string(missed) + " miss it; " +
                              std::to_string(run.ours(Verdict::not_applicable)) + " do not apply and " +
                              std::to_string(run.ours(Verdict::not_measured)) + " could not be measured.";
  std::cout << '\n' << summary << std::endl;
  FuzzerFigure fuzzed{"", true};
  if (!options.fuzzers.empty()) {
    fuzzed = fuzz(options.fuzzers, options.scale.pick<std::uint64_t>(10'000'000, 100'000));
    std::cout << fuzzed.text << std::endl;
  }
  if (!options.table.empty())
    support::write_between(options.table, "reliability", summary + "\n\n" + run.table() + "\n" + fuzzed.text);
  return missed == 0 && fuzzed.met ? 0 : 1;
}

}  // namespace
}  // namespace reliability

int main(int argc, char** argv) {
  try {
    const auto options = reliability::parse({argv + 1, argv + argc});
    if (options.help) {
      std::cout << reliability::usage();
      return 0;
    }
    if (options.list) {
      for (const auto& row : reliability::all_rows())
        std::cout << row.name << ": " << row.what << "; target: " << row.target << '\n';
      return 0;
    }
    return reliability::measure(options);
  } catch (const std::exception& error) {
    std::cerr << "reliability: " << error.what() << '\n';
    return 2;
  }
}
