#include "tables.hpp"

#include "names.hpp"
#include "statistics.hpp"
#include "targets.hpp"

#include <algorithm>
#include <map>

namespace bench {
namespace {

const std::map<std::string, std::string> explained = {
    {"hot", "Callbacks that only count."},
    {"dispatch", "Each callback reads a byte and writes one, which makes another descriptor ready."},
    {"ctl", "All descriptors registered for reading, modified to reading and writing, and unregistered."},
    {"echo",
     "Each connection sends its message again when all of it has come back. Ours is the server of lesson 06 with "
     "`--quiet`, and with its lines going to a file; *raw, with lines* writes as many bytes there."},
    {"chat",
     "Four members speak, 64 bytes at a time, four messages of each on the way; every byte is accounted for. Ours is "
     "the "
     "server of lesson 07 with `--quiet`."},
    {"slow", "20 members, four of which speak 4,096 bytes at a time, and one that never reads."},
    {"memory", "What the resident memory of the server grows by for each connection that nobody uses."},
    {"instructions",
     "Instructions in user space, counted by callgrind: two runs that differ in their turns, subtracted."},
    {"calls",
     "System calls, counted by strace: two runs that differ in their turns, subtracted. The servers are stopped while "
     "every client sends, so that all requests wait when they go on."},
    {"growth", "What more descriptors cost, on each facility."},
};

bool has_ratio(const std::string& workload, const std::string& measure) {
  if (workload == "slow") return measure == deliveries;
  return workload != "memory" && workload != "calls" && workload != "growth";
}

/// `system calls: recvfrom` is a part of `system calls`.
bool is_part(const std::string& measure) { return measure.find(": ") != measure.npos; }

std::string line_of(const std::vector<std::string>& cells) {
  std::string text = "|";
  for (const auto& cell : cells) {
    text += ' ';
    text += cell;
    text += " |";
  }
  return text += '\n';
}

/// A line for each contestant, a cell for each configuration.
template <class Cell>
std::string table_of(const Figures& figures, const std::string& workload, const std::string& corner, const Cell& cell) {
  const auto columns = figures.configurations(workload);
  std::vector<std::string> head = {corner};
  head.insert(head.end(), columns.begin(), columns.end());
  std::string text = line_of(head) + "|---|";
  for (std::size_t i = 0; i < columns.size(); ++i) text += "---:|";
  text += '\n';
  for (const auto& contestant : figures.contestants(workload)) {
    std::vector<std::string> cells = {contestant};
    for (const auto& column : columns) cells.push_back(cell(column, contestant));
    text += line_of(cells);
  }
  return text;
}

std::string cell_text(std::string text) {
  std::replace(text.begin(), text.end(), '|', '/');
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

std::string cell(const Figures& figures, const Place& place) {
  if (const auto* figure = figures.find(place)) {
    std::string text = readable(figure->median);
    if (figure->ratio && has_ratio(place.workload, place.measure)) text += " (" + decimal(*figure->ratio, 2) + ")";
    return text;
  }
  if (const auto* why = figures.failure(place.workload, place.configuration, place.contestant))
    return "failed: " + cell_text(*why);
  return "–";
}

/// What the parts of a measure are: `recvfrom 1.00, sendto 1.00, epoll_wait 0.02`.
std::string parts(const Figures& figures, const Place& place, const std::vector<std::string>& measures) {
  std::vector<std::pair<double, std::string>> found;
  for (const auto& part : measures) {
    if (!part.starts_with(place.measure + ": ")) continue;
    const auto* figure = figures.find({place.workload, place.configuration, place.contestant, part});
    if (figure && figure->median >= 0.005)
      found.emplace_back(figure->median, part.substr(place.measure.size() + 2) + " " + decimal(figure->median, 2));
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string text;
  for (const auto& [value, name] : found) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "–" : text;
}

std::string parts_table(const Figures& figures, const std::string& workload, const std::string& measure) {
  const auto measures = figures.measures(workload);
  return table_of(figures, workload, measure + ", which", [&](const auto& configuration, const auto& contestant) {
    return parts(figures, {workload, configuration, contestant, measure}, measures);
  });
}

bool has_parts(const std::vector<std::string>& measures, const std::string& whole) {
  return std::any_of(measures.begin(), measures.end(),
                     [&](const std::string& measure) { return measure.starts_with(whole + ": "); });
}

}  // namespace

std::string as_table(const Figures& figures, const std::string& workload, const std::string& measure) {
  const std::string unit = figures.unit(workload, measure);
  return table_of(figures, workload, measure + (unit.empty() || measure == failed ? "" : ", " + unit),
                  [&](const auto& configuration, const auto& contestant) {
                    return cell(figures, {workload, configuration, contestant, measure});
                  });
}

static std::string tables_of(const Figures& figures, const std::string& workload) {
  std::string text = "\n## ";
  text += workload + "\n";
  const auto add = [&](const std::string& part) {
    text += '\n';
    text += part;
  };
  if (const auto found = explained.find(workload); found != explained.end()) add(found->second + "\n");
  const auto measures = figures.measures(workload);
  for (const auto& measure : measures) {
    if (is_part(measure)) continue;
    add(as_table(figures, workload, measure));
    if (has_parts(measures, measure)) add(parts_table(figures, workload, measure));
  }
  if (measures.empty()) add(as_table(figures, workload, failed));
  return text;
}

std::string as_page(const Results& results) { return "# The benchmark\n\n" + as_section(results); }

std::string as_section(const Results& results) {
  const Figures figures(results.samples);
  std::string text;
  for (const auto& line : results.about) text += "- " + line + "\n";
  text +=
      "\nMedians of the rounds; in brackets the median of the ratios to raw epoll, each of one round. "
      "Figures of another run are not comparable with these.\n\n## In short\n\n" +
      in_short(figures);
  for (const auto& workload : figures.workloads()) text += tables_of(figures, workload);
  return text;
}

}  // namespace bench
