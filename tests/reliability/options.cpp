#include "options.hpp"

#include <algorithm>
#include <stdexcept>

namespace reliability {
namespace {

Subject peer(const std::string& option, const std::string& text, Kind kind) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    throw std::invalid_argument(option + " '" + text + "': it has to be 'NAME=COMMAND LINE'");
  const std::string name = text.substr(0, equals);
  return {.name = name, .kind = kind, .command = support::Command(name, text.substr(equals + 1))};
}

std::string known_facility(const std::string& name) {
  if (name != "epoll" && name != "poll" && name != "select")
    throw std::invalid_argument("--facility '" + name + "': there are epoll, poll and select");
  return name;
}

std::string known_row(const std::string& name) {
  const auto rows = all_rows();
  if (std::none_of(rows.begin(), rows.end(), [&](const Row& row) { return row.name == name; }))
    throw std::invalid_argument("--only '" + name + "': there is no such row (--list)");
  return name;
}

}  // namespace

Options parse(const std::vector<std::string>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& option = arguments[i];
    const auto value = [&]() -> const std::string& {
      if (++i == arguments.size()) throw std::invalid_argument(option + ": what?");
      return arguments[i];
    };
    if (option == "--short")
      options.scale.full = false;
    else if (option == "--only")
      options.only.push_back(known_row(value()));
    else if (option == "--facility")
      options.facilities.push_back(known_facility(value()));
    else if (option == "--peer")
      options.peers.push_back(peer(option, value(), Kind::echo));
    else if (option == "--chat-peer")
      options.peers.push_back(peer(option, value(), Kind::chat));
    else if (option == "--table")
      options.table = value();
    else if (option == "--fuzzers")
      options.fuzzers = value();
    else if (option == "--list")
      options.list = true;
    else if (option == "--help" || option == "-h")
      options.help = true;
    else
      throw std::invalid_argument("unknown argument '" + option + "' (--help)");
  }
  return options;
}

std::string usage() {
  return R"(usage: reliability [OPTION]...

Measures what the lessons' servers survive, beside an asyncio echo server and others that are named.
Ends with 1 if one of the lessons' servers misses a target.

  --short                  under a minute, for CI: less of everything, the costly rows on epoll only
  --only ROW               this row; may be given several times (--list)
  --facility F             epoll, poll or select; may be given several times
  --peer 'NAME=COMMAND'    an echo server to measure besides; called COMMAND HOST PORT, and its first line ends in
                           'port N'. COMMAND is the program itself, not a script that starts it
  --chat-peer 'NAME=COMMAND'  the same for a chat
  --table FILE             write the table into this Markdown file, between its two comments "reliability"
  --fuzzers FOLDER         run the fuzzers there (build/fuzz/tests/fuzz), with 10,000,000 inputs each
  --list                   the rows
  --help                   print this
)";
}

}  // namespace reliability
