#include "table.hpp"

#include <array>

namespace reliability {
namespace {

constexpr std::array<const char*, 3> facilities = {"epoll", "poll", "select"};

/// Python's servers wait as DefaultSelector does: on epoll, here.
std::string facility_of(const Subject& subject) { return subject.ours() ? subject.facility : "epoll"; }

std::string cell(const Figure& figure) {
  std::string text;
  for (const char c : figure.text) text += c == '|' ? "/" : c == '<' ? "&lt;" : std::string(1, c);
  return (figure.verdict == Verdict::missed ? "✗ " : "") + text;
}

struct Line {
  std::map<std::string, std::string> cells = {};
};

/// The subjects of one name in a line, those of different facilities beside each other.
std::vector<std::pair<std::string, Line>> lines_of(std::size_t row, const std::vector<Subject>& subjects,
                                                   const Figures& figures) {
  std::vector<std::pair<std::string, Line>> lines;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const auto figure = figures.find({row, i});
    if (figure == figures.end()) continue;
    if (lines.empty() || lines.back().first != subjects[i].name) lines.emplace_back(subjects[i].name, Line{});
    lines.back().second.cells[facility_of(subjects[i])] = cell(figure->second);
  }
  return lines;
}

}  // namespace

std::string as_table(const std::vector<Row>& rows, const std::vector<Subject>& subjects, const Figures& figures) {
  std::string text = "| what | target | server | epoll | poll | select |\n|---|---|---|---|---|---|\n";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    bool first = true;
    for (auto& [name, line] : lines_of(row, subjects, figures)) {
      text += "| " + (first ? rows[row].what + " | " + rows[row].target : " | ") + " | " + name;
      for (const auto* facility : facilities) text += " | " + line.cells[facility];
      text += " |\n";
      first = false;
    }
  }
  return text;
}

}  // namespace reliability
