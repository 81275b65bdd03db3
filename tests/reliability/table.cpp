#include "table.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace reliability {
namespace {

constexpr std::string_view begin_marker = "<!-- reliability: begin -->\n";
constexpr std::string_view end_marker = "<!-- reliability: end -->\n";
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

void write_between_markers(const std::string& path, const std::string& text) {
  std::ifstream in(path);
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  const auto begin = page.find(begin_marker);
  const auto end = page.find(end_marker);
  if (!in || begin == std::string::npos || end == std::string::npos || end < begin)
    throw std::runtime_error("write the table into " + path + ": it has no two lines '" +
                             std::string(begin_marker.substr(0, begin_marker.size() - 1)) + "' and '" +
                             std::string(end_marker.substr(0, end_marker.size() - 1)) + "'");
  std::ofstream out(path);
  out << page.substr(0, begin + begin_marker.size()) << '\n' << text << '\n' << page.substr(end);
  if (!out.flush()) throw std::runtime_error("write the table into " + path + ": it cannot be written");
}

}  // namespace reliability
