#include "transcript.hpp"

#include <fstream>
#include <regex>
#include <sstream>

namespace support {
namespace {

std::string with_stable_ports(std::string_view text) {
  static const std::regex port("(port |', )[0-9]+");
  std::istringstream lines(std::regex_replace(std::string(text), port, "$1N"));
  std::string stable;
  std::string before;
  for (std::string line; std::getline(lines, line); before = line)
    if (line != before || stable.empty()) stable += line + '\n';
  return stable;
}

std::string transcript(const std::string& path, int block) {
  std::ifstream file(path);
  std::string text;
  bool here = false;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) here = line == "## What you see";
    if (inside && line == "```") {
      if (block-- == 0) return text;
      inside = false;
      text.clear();
    } else if (inside) {
      text += line + '\n';
    } else {
      inside = here && line == "```text";
    }
  }
  return "(no such block in " + path + ")\n";
}

}  // namespace

void expect_transcript(Story& story, const std::string& lesson, int block, std::string_view printed) {
  const std::string expected = with_stable_ports(transcript(COURSE_DIR "/" + lesson + "/README.md", block));
  const std::string got = with_stable_ports(printed);
  story.expect(got == expected, "what " + lesson + "/README.md shows:\n" + expected, "it printed:\n" + got);
}

}  // namespace support
