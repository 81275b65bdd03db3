#include "plots.hpp"

#include "axis.hpp"
#include "names.hpp"
#include "statistics.hpp"
#include "svg.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace bench {
namespace {

/// A line of the plot of ratios.
struct Row {
  std::string label;
  Place place;            // without the contestant
  bool per_time = false;  // more is better: turned round, so that less is
};

std::vector<Row> rows() {
  const auto row = [](std::string label, const char* workload, std::string configuration, const char* measure,
                      bool per_time = false) {
    return Row{std::move(label), {workload, std::move(configuration), {}, measure}, per_time};
  };
  return {row("hot, 100 active of 100", "hot", active_of(100, 100), per_event),
          row("hot, 100 active of 9,000", "hot", active_of(100, 9000), per_event),
          row("hot, 1 active of 9,000", "hot", active_of(1, 9000), per_event),
          row("dispatch, 100 active of 9,000", "dispatch", active_of(100, 9000), per_event),
          row("ctl, 1,000 descriptors", "ctl", descriptors(1000), total),
          row("ctl, 9,000 descriptors", "ctl", descriptors(9000), total),
          row("echo, 1 × 64 bytes, server CPU", "echo", echo_of(1, 64), cpu_per_request),
          row("echo, 50 × 64 bytes, server CPU", "echo", echo_of(50, 64), cpu_per_request),
          row("echo, 50 × 4,096 bytes, server CPU", "echo", echo_of(50, 4096), cpu_per_request),
          row("chat, 100 members, time", "chat", members(100), deliveries, true),
          row("chat, 1,000 members, time", "chat", members(1000), deliveries, true)};
}

const std::vector<std::string>& shown_contestants() {
  static const std::vector<std::string> all = {"raw",   "ours", "libevent", "libev",
                                               "libuv", "asio", "python",   ours_lines};
  return all;
}

std::vector<std::pair<std::size_t, double>> ratios(const Row& row, const Figures& figures) {
  std::vector<std::pair<std::size_t, double>> found;
  for (std::size_t i = 0; i < shown_contestants().size(); ++i) {
    Place place = row.place;
    place.contestant = shown_contestants()[i];
    const auto* figure = figures.find(place);
    if (figure && figure->ratio && *figure->ratio > 0)
      found.emplace_back(i, row.per_time ? 1 / *figure->ratio : *figure->ratio);
  }
  return found;
}

/// One after the other, from there on; wide enough for the longest name.
void legend(Svg& svg, double x, double y, const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    svg.mark(x, y - 4.5, i, names[i]);
    svg.text(x + 10, y, names[i]);
    x += 32 + 7.2 * static_cast<double>(names[i].size());
  }
}

}  // namespace

std::string ratio_plot(const Figures& figures, const std::string& machine) {
  std::vector<Row> shown;
  for (auto& row : rows())
    if (!ratios(row, figures).empty()) shown.push_back(std::move(row));
  constexpr double left = 250;
  constexpr double width = 820;
  constexpr double top = 82;
  constexpr double step = 52;
  const double bottom = top + step * static_cast<double>(shown.size());
  const Axis axis(left, width - 44, 0.3, 5);
  Svg svg(width, bottom + 48, "What each takes, as a multiple of raw epoll",
          "One line for each workload, one mark for each contestant, on a logarithmic axis; to the left is better. "
          "Medians of the ratios of each round. The figures stand in the tables of the same run.");
  svg.text(10, 22, "What each takes, as a multiple of raw epoll (to the left is better)", Svg::Anchor::start, true);
  legend(svg, 16, 48, shown_contestants());
  for (const double value : {0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0}) {
    svg.line(axis.at(value), top - 8, axis.at(value), bottom - 8, value == 1.0 ? 0.9 : 0.18);
    svg.text(axis.at(value), bottom + 10, decimal(value, 1), Svg::Anchor::middle);
  }
  double y = top - 8;
  for (const auto& row : shown) {
    svg.line(10, y, width - 10, y, 0.25);
    svg.text(left - 14, y + step / 2 + 4, row.label, Svg::Anchor::end);
    for (const auto& [contestant, ratio] : ratios(row, figures)) {
      // Each a little lower than the one before: most of them stand around 1, and are to be told apart there.
      const double height = y + 5.5 + 5.8 * static_cast<double>(contestant);
      const double x = axis.at(ratio);
      svg.mark(x, height, contestant, shown_contestants()[contestant] + ", " + row.label + ": " + decimal(ratio, 2));
      if (!axis.holds(ratio))
        svg.text(x + (ratio > 1 ? 8 : -8), height + 4, decimal(ratio, 1),
                 ratio > 1 ? Svg::Anchor::start : Svg::Anchor::end);
    }
    y += step;
  }
  svg.text(10, bottom + 38, machine);
  return svg.finish();
}

namespace {

struct Panel {
  std::string title;
  const char* measure;
};

const std::vector<std::string>& lines_of_growth() {
  static const std::vector<std::string> all = {"raw", ours_on("epoll"), ours_on("poll"), ours_on("select")};
  return all;
}

void draw(Svg& svg, const Panel& panel, const Figures& figures, const Axis& x, const Axis& y) {
  for (std::size_t i = 0; i < lines_of_growth().size(); ++i) {
    std::vector<std::pair<double, double>> points;
    std::vector<std::string> tips;
    auto counts = figures.configurations("growth");
    std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return std::stoi(a) < std::stoi(b); });
    for (const auto& count : counts)
      if (const auto* figure = figures.find({"growth", count, lines_of_growth()[i], panel.measure})) {
        points.emplace_back(x.at(std::stod(count)), y.at(figure->median));
        tips.push_back(lines_of_growth()[i] + ", " + count + " descriptors: " + readable(figure->median) + " ns");
      }
    if (points.empty()) continue;
    svg.path(points, i);
    for (std::size_t k = 0; k < points.size(); ++k) svg.mark(points[k].first, points[k].second, i, tips[k]);
  }
}

}  // namespace

std::string growth_plot(const Figures& figures, const std::string& machine) {
  constexpr double top = 92;
  constexpr double bottom = 360;
  constexpr double panel_width = 270;
  Svg svg(870, bottom + 76, "What an event takes, over the number of descriptors",
          "Three panels, one for events with one descriptor active, with a hundred, and for registering, modifying and "
          "unregistering; in each a line for raw epoll and for our library on epoll, poll and select, both axes "
          "logarithmic. The figures stand in the tables of the same run.");
  svg.text(10, 22, "Nanoseconds, over the number of descriptors", Svg::Anchor::start, true);
  legend(svg, 16, 48, lines_of_growth());
  double left = 62;
  for (const Panel& panel : {Panel{"an event, 1 active", grows_hot_1}, Panel{"an event, 100 active", grows_hot_100},
                             Panel{"a descriptor of ctl", grows_ctl}}) {
    const double right = left + panel_width - 46;
    const Axis x(left, right, 80, 24000);
    const Axis y(bottom, top, 80, 1.2e7);
    svg.text((left + right) / 2, top - 14, panel.title, Svg::Anchor::middle, true);
    for (const int count : {100, 1000, 10000}) {
      svg.line(x.at(count), top, x.at(count), bottom, 0.18);
      svg.text(x.at(count), bottom + 18, readable(count), Svg::Anchor::middle);
    }
    for (const auto& [value, name] :
         {std::pair(1e2, "100 ns"), {1e3, "1 µs"}, {1e4, "10 µs"}, {1e5, "100 µs"}, {1e6, "1 ms"}, {1e7, "10 ms"}}) {
      svg.line(left, y.at(value), right, y.at(value), 0.18);
      svg.text(left - 6, y.at(value) + 4, name, Svg::Anchor::end);
    }
    draw(svg, panel, figures, x, y);
    left += panel_width + 10;
  }
  svg.text((62 + 870) / 2.0, bottom + 40, "descriptors", Svg::Anchor::middle);
  svg.text(10, bottom + 64, machine);
  return svg.finish();
}

}  // namespace bench
