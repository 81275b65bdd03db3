#include "transcript.hpp"

#include <fstream>
#include <map>
#include <regex>
#include <sstream>

namespace support {
namespace {

/// `text` with what `replace` makes of the port in each match, whose last group it is.
template <class Replace>
std::string with_ports(const std::string& text, const std::regex& pattern, Replace replace) {
  std::string result;
  auto rest = text.begin();
  for (std::sregex_iterator match(text.begin(), text.end(), pattern), end; match != end; ++match) {
    result.append(rest, text.begin() + match->position(1)).append(std::to_string(replace(std::stoi(match->str(1)))));
    rest = text.begin() + match->position(1) + match->length(1);
  }
  return result.append(rest, text.end());
}

std::string without_repeated_lines(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  std::string before;
  for (std::string line; std::getline(lines, line); before = line)
    if (line != before || line.empty() || result.empty()) result += line + '\n';
  return result;
}

}  // namespace

std::string stable_transcript(std::string_view printed, int server_port, int default_port) {
  static const std::regex port("(?:port |', )([0-9]+)");
  std::map<int, int> stable = {{server_port, default_port}};
  int next = 50'001;
  return with_ports(without_repeated_lines(std::string(printed)), port, [&](int number) {
    const auto [known, is_new] = stable.emplace(number, next);
    if (is_new) ++next;
    return known->second;
  });
}

std::string shown_transcript(const Story& story, const std::string& page, const std::string& name) {
  std::ifstream file(page);
  std::string text;
  std::string before;
  bool inside = false;
  for (std::string line; std::getline(file, line); before = line) {
    if (inside && line == "```") return text;
    if (inside)
      text += line + '\n';
    else
      inside = line == "```text" && before == "<!-- transcript: " + name + " -->";
  }
  story.fail("a block of text below the line <!-- transcript: " + name + " --> in " + page, "there is none");
}

void expect_transcript(const Story& story, const std::string& page, const std::string& name,
                       std::string_view recorded) {
  const std::string shown = shown_transcript(story, page, name);
  story.expect(shown == recorded, "what " + page + " shows as the transcript " + name + ":\n" + shown,
               "it printed:\n" + std::string(recorded));
}

}  // namespace support
