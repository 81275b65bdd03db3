#include "program.hpp"

#include "streams.hpp"
#include "terminal.hpp"

#include <selectors/socket.hpp>

#include <algorithm>
#include <charconv>
#include <exception>
#include <iostream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace lesson {
namespace {

/// Returns the number that the whole text is. Throws std::invalid_argument if it is not one, or out of range.
template <class Number>
Number parse(std::string_view what, std::string_view text, Number least, Number most) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number < least || number > most)
    throw std::invalid_argument(std::string(what) + " '" + std::string(text) + "': must be a number from " +
                                std::to_string(least) + " to " + std::to_string(most));
  return number;
}

void print_help(std::string_view name, const Program& program) {
  const Arguments& defaults = program.defaults;
  std::cout << "usage: " << name << (program.either_side ? " [HOST] PORT" : " [HOST] [PORT]");
  std::cout << "\n\n" << program.about << "\n\n";
  std::cout << "  HOST             name or address (default " << defaults.host << ")\n";
  std::cout << "  PORT             0 to 65535, a server takes 0 for any free one";
  if (!program.either_side) std::cout << " (default " << defaults.port << ")";
  std::cout << '\n';
  if (defaults.connections > 0)
    std::cout << "  --connections N  how many at once (default " << defaults.connections << ")\n";
  if (program.either_side) std::cout << "  --listen         wait for a client on that port, and talk to it\n";
  if (program.quiet) std::cout << "  --quiet          print the first line and errors only\n";
  for (const auto& option : program.options) {
    const std::string left = std::string(option.name) + ' ' + option.value;
    std::cout << "  " << left << std::string(left.size() < 16 ? 17 - left.size() : 1, ' ') << option.about << '\n';
  }
  std::cout << "  --help           print this and leave\n" << std::flush;
}

using Word = std::vector<std::string_view>::const_iterator;

/// Returns the value of an option, written `--name VALUE` or `--name=VALUE`; nothing if the word is another option.
std::optional<std::string_view> value_of(std::string_view option, Word& word, Word end) {
  if (word->starts_with(std::string(option) + '=')) return word->substr(option.size() + 1);
  if (*word != option) return std::nullopt;
  if (++word == end) throw std::invalid_argument("option '" + std::string(option) + "' needs a value");
  return *word;
}

/// Puts an option of the program's own into the arguments. Returns false if the program has no option of this name.
bool take_own_option(const Program& program, Word& word, Word end, Arguments& arguments) {
  for (const auto& option : program.options)
    if (const auto value = value_of(option.name, word, end)) {
      if (option.most > 0) parse(option.name, *value, option.least, option.most);
      arguments.options[option.name] = *value;
      return true;
    }
  return false;
}

/// Returns the arguments, or nothing if `--help` was given and has been printed. As with getopt_long(3), options may
/// stand anywhere before a `--`.
std::optional<Arguments> parse_arguments(int argc, char** argv, const Program& program) {
  const std::vector<std::string_view> words(argv + std::min(argc, 1), argv + argc);
  const std::string_view many = "--connections";
  std::vector<std::string_view> rest;
  Arguments arguments = program.defaults;
  bool options = true;
  for (auto word = words.begin(); word != words.end(); ++word) {
    if (!options || *word == "-" || !word->starts_with('-')) {
      rest.push_back(*word);
    } else if (*word == "--") {
      options = false;
    } else if (*word == "--help") {
      print_help(name_of_program(argv[0]), program);
      return std::nullopt;
    } else if (*word == "--quiet" && program.quiet) {
      be_quiet();
    } else if (*word == "--listen" && program.either_side) {
      arguments.listen = true;
    } else if (const auto value = program.defaults.connections > 0 ? value_of(many, word, words.end()) : std::nullopt) {
      arguments.connections = parse(many, *value, 1, 10'000);
    } else if (!take_own_option(program, word, words.end(), arguments)) {
      throw std::invalid_argument("unknown option '" + std::string(*word) + "'");
    }
  }
  if (program.either_side && rest.empty()) throw std::invalid_argument("PORT is missing");
  if (program.either_side && rest.size() == 1) rest.insert(rest.begin(), arguments.host);
  if (rest.size() > 2) throw std::invalid_argument("unexpected argument '" + std::string(rest[2]) + "'");
  if (!rest.empty()) arguments.host = rest[0];
  if (rest.size() == 2)
    arguments.port = parse<std::uint16_t>("port", rest[1], 0, std::numeric_limits<std::uint16_t>::max());
  return arguments;
}

}  // namespace

int Arguments::number(const std::string& option, int otherwise) const {
  const auto given = options.find(option);
  return given == options.end() ? otherwise : std::stoi(given->second);
}

int run(int argc, char** argv, const Program& program, const std::function<int(const Arguments&)>& body) {
  prepare_streams();
  set_program_name(argv[0]);
  selectors::on_turned_away(print_error);
  std::optional<Arguments> arguments;
  try {
    arguments = parse_arguments(argc, argv, program);
  } catch (const std::invalid_argument& error) {
    print_error(std::string(error.what()) + " (see --help)");
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
