#include "program.hpp"

#include "terminal.hpp"

#include <selectors/socket.hpp>

#include <fcntl.h>
#include <getopt.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <exception>
#include <iostream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace lesson {
namespace {

/// A number written in full, or a clear refusal.
template <class Number>
Number parse(std::string_view what, std::string_view text, Number least, Number most) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most)
    throw std::invalid_argument(std::string(what) + " '" + std::string(text) + "': must be a number from " +
                                std::to_string(least) + " to " + std::to_string(most));
  return number;
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

void print_help(std::string_view name, const Program& program) {
  const Arguments& defaults = program.defaults;
  std::cout << "usage: " << name << " [HOST] [PORT]\n\n" << program.about << "\n\n";
  std::cout << "  HOST             name or address (default " << defaults.host << ")\n";
  std::cout << "  PORT             0 to 65535, a server takes 0 for any free one (default " << defaults.port << ")\n";
  if (defaults.connections > 0)
    std::cout << "  --connections N  how many at once (default " << defaults.connections << ")\n";
  if (program.quiet) std::cout << "  --quiet          print the first line and errors only\n";
  std::cout << "  --help           print this and leave\n" << std::flush;
}

/// The arguments, or nothing if `--help` was asked for and answered.
std::optional<Arguments> parse_arguments(int argc, char** argv, const Program& program) {
  std::vector<option> options{{"help", no_argument, nullptr, 'h'}};
  if (program.quiet) options.push_back({"quiet", no_argument, nullptr, 'q'});
  if (program.defaults.connections > 0) options.push_back({"connections", required_argument, nullptr, 'c'});
  options.push_back({});
  Arguments arguments = program.defaults;
  opterr = 0;
  for (int found = 0; (found = getopt_long(argc, argv, ":", options.data(), nullptr)) != -1;) {
    if (found == 'h') {
      print_help(base_name(argv[0]), program);
      return std::nullopt;
    }
    if (found == 'q')
      be_quiet();
    else if (found == 'c')
      arguments.connections = parse("--connections", optarg, 1, 10'000);
    else
      throw std::invalid_argument(std::string(found == ':' ? "a value is missing after '" : "unknown option '") +
                                  argv[optind - 1] + "'");
  }
  const std::vector<std::string_view> rest(argv + optind, argv + argc);
  if (rest.size() > 2) throw std::invalid_argument("unexpected argument '" + std::string(rest[2]) + "'");
  if (!rest.empty()) arguments.host = rest[0];
  if (rest.size() == 2)
    arguments.port = parse<std::uint16_t>("port", rest[1], 0, std::numeric_limits<std::uint16_t>::max());
  return arguments;
}

/// A program started with 0, 1 or 2 closed would get a socket under that number, and print into it.
void open_standard_descriptors() {
  while (true) {
    const int fd = open("/dev/null", O_RDWR);
    if (fd > STDERR_FILENO) close(fd);
    if (fd < 0 || fd > STDERR_FILENO) return;
  }
}

}  // namespace

int run(int argc, char** argv, const Program& program, const std::function<int(const Arguments&)>& body) {
  open_standard_descriptors();
  std::signal(SIGPIPE, SIG_IGN);  // a reader of our output that has gone is an error of that output, not our end
  set_program_name(argv[0]);
  selectors::on_turned_away(print_error);
  std::optional<Arguments> arguments;
  try {
    arguments = parse_arguments(argc, argv, program);
  } catch (const std::invalid_argument& error) {
    print_error(std::string(error.what()) + " (--help tells more)");
    return 2;
  }
  if (!arguments) return 0;
  try {
    const int status = body(*arguments);
    return status == 0 && has_lost_output() ? 1 : status;
  } catch (const std::exception& error) {
    print_error(error.what());
    return 1;
  }
}

}  // namespace lesson
