#include "options.hpp"

#include "names.hpp"

#include <getopt.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace bench {
namespace {

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// The names between the commas, each of them one of those that there are.
std::vector<std::string> known(const std::string& option, const std::string& list,
                               const std::vector<std::string>& all) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const auto comma = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, comma - begin));
    begin = comma + 1;
    if (std::find(all.begin(), all.end(), names.back()) == all.end())
      throw std::invalid_argument(option + " '" + names.back() + "': there are " + joined(all));
  }
  return names;
}

int positive(const std::string& option, const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > 1000)
    throw std::invalid_argument(option + " '" + text + "': it has to be a number from 1 to 1000");
  return value;
}

Pin pin_of(const std::string& text) {
  if (text == "same") return Pin::same;
  if (text == "apart") return Pin::apart;
  if (text == "none") return Pin::none;
  throw std::invalid_argument("--pin '" + text + "': there are same, apart, none");
}

constexpr std::array<option, 11> long_options = {{{"quick", no_argument, nullptr, 'q'},
                                                  {"check", no_argument, nullptr, 'c'},
                                                  {"only", required_argument, nullptr, 'o'},
                                                  {"with", required_argument, nullptr, 'w'},
                                                  {"rounds", required_argument, nullptr, 'r'},
                                                  {"output", required_argument, nullptr, 'f'},
                                                  {"pin", required_argument, nullptr, 'p'},
                                                  {"book", required_argument, nullptr, 'b'},
                                                  {"show", required_argument, nullptr, 's'},
                                                  {"help", no_argument, nullptr, 'h'},
                                                  {nullptr, 0, nullptr, 0}}};

void take(Options& options, int which) {
  switch (which) {
    case 'q':
      options.quick = true;
      break;
    case 'c':
      options.check = true;
      break;
    case 'o':
      options.workloads = known("--only", optarg, all_workloads);
      break;
    case 'w':
      options.contestants = known("--with", optarg, all_contestants);
      break;
    case 'r':
      options.rounds = positive("--rounds", optarg);
      break;
    case 'f':
      options.output = optarg;
      break;
    case 'p':
      options.pin = pin_of(optarg);
      break;
    case 'b':
      options.book = optarg;
      break;
    case 's':
      options.show.emplace_back(optarg);
      break;
    default:
      options.help = true;
  }
}

}  // namespace

Options parse(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {"bench"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  Options options;
  optind = 0;  // begin anew, also where a test has parsed before
  opterr = 0;
  for (int which = 0;
       (which = getopt_long(static_cast<int>(words.size()), argv.data(), ":h", long_options.data(), nullptr)) != -1;) {
    const std::string word = argv[static_cast<std::size_t>(optind) - 1];
    if (which == '?') throw std::invalid_argument("unknown argument '" + word + "' (--help)");
    if (which == ':') throw std::invalid_argument(word + ": what? (--help)");
    take(options, which);
  }
  for (auto i = static_cast<std::size_t>(optind); i + 1 < argv.size(); ++i) {
    if (options.show.empty()) throw std::invalid_argument("unknown argument '" + std::string(argv[i]) + "' (--help)");
    options.show.emplace_back(argv[i]);
  }
  return options;
}

std::string usage() {
  return R"(usage: bench [OPTION]...

Measures the library and the lessons' servers beside raw epoll and the peers that are installed, in one run, and writes
tables, plots and all samples. Ends with 1 if something could not be measured, never because a figure is bad.

  --quick              under a minute: fewer configurations, three rounds, shorter each
  --only WORKLOAD,..   )" +
         joined(all_workloads) + R"(
  --with NAME,..       )" +
         joined(all_contestants) + R"(;
                       raw is always measured, the ratios are to it
  --rounds N           so many instead of five
  --output FOLDER      where results.csv, results.md, results.svg and growth.svg go; else results/ beside this program
  --pin HOW            server and load on the same processor (the default), apart, or none: where the kernel likes
  --book FOLDER        the tables go into FOLDER/performance.md too, and the plots into FOLDER/benchmark/
  --show FILE          print the tables of a results.csv again, and measure nothing
  --check              only what is the same each time: count instructions and system calls of ours, and hold them
                       against their limits; ends with 1 above one, with 77 where valgrind or strace cannot be run
  --help               print this
)";
}

}  // namespace bench
