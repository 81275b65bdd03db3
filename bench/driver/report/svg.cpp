#include "svg.hpp"

#include "statistics.hpp"

#include <array>

namespace bench {
namespace {

// Seen by the colour-blind, too, and on white as well as on black.
constexpr std::array<const char*, 8> colours = {"#808080", "#e8590c", "#1c7ed6", "#2f9e44",
                                                "#ae3ec9", "#b08800", "#0c8599", "#e64980"};

std::string at(double place) { return decimal(place, 1); }

std::string attribute(const char* name, const std::string& value) {
  std::string text = " ";
  text += name;
  text += "=\"";
  text += value;
  return text += '"';
}

std::string point(const char* command, double x, double y) {
  std::string text = command;
  text += at(x);
  text += ',';
  return text += at(y);
}

/// The beginning of a circle, a square, a diamond or a triangle around the place, and what it is called.
std::pair<std::string, std::string> shape(double x, double y, std::size_t which) {
  constexpr double r = 4;
  switch (which % 4) {
    case 0:
      return {attribute("cx", at(x)) + attribute("cy", at(y)) + attribute("r", at(r)), "circle"};
    case 1:
      return {attribute("x", at(x - r)) + attribute("y", at(y - r)) + attribute("width", at(2 * r)) +
                  attribute("height", at(2 * r)),
              "rect"};
    case 2:
      return {attribute("d", point("M", x, y - r - 1) + "l5,5l-5,5l-5,-5z"), "path"};
    default:
      return {attribute("d", point("M", x, y - r - 1) + "l5,8.5h-10z"), "path"};
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

// A picture that stands in a page takes the page's colour; one that is opened alone, or shown as an image, asks what
// the reader prefers.
Svg::Svg(double width, double height, const std::string& title, const std::string& description)
    : text_("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" +
            attribute("viewBox", "0 0 " + at(width) + " " + at(height)) + attribute("width", at(width)) +
            attribute("height", at(height)) + " font-family=\"sans-serif\" font-size=\"13\">\n<title>" +
            escaped(title) + "</title>\n<desc>" + escaped(description) +
            "</desc>\n<style>svg:root { color: #222 } @media (prefers-color-scheme: dark) { svg:root { color: #ddd } } "
            "text { fill: currentColor }</style>\n") {}

void Svg::text(double x, double y, const std::string& words, Anchor anchor, bool bold) {
  constexpr std::array<const char*, 3> anchors = {"start", "middle", "end"};
  text_ += "<text" + attribute("x", at(x)) + attribute("y", at(y)) +
           attribute("text-anchor", anchors[static_cast<std::size_t>(anchor)]) +
           (bold ? attribute("font-weight", "bold") : std::string()) + ">" + escaped(words) + "</text>\n";
}

void Svg::line(double x1, double y1, double x2, double y2, double opacity) {
  text_ += "<line" + attribute("x1", at(x1)) + attribute("y1", at(y1)) + attribute("x2", at(x2)) +
           attribute("y2", at(y2)) + attribute("stroke", "currentColor") +
           attribute("stroke-opacity", decimal(opacity, 2)) + "/>\n";
}

void Svg::mark(double x, double y, std::size_t contestant, const std::string& tip) {
  const auto [attributes, name] = shape(x, y, contestant);
  text_ += '<';
  text_ += name + attributes + attribute("fill", colours[contestant % colours.size()]);
  text_ += "><title>";
  text_ += escaped(tip) + "</title></" + name + ">\n";
}

void Svg::path(const std::vector<std::pair<double, double>>& points, std::size_t contestant) {
  std::string places;
  for (const auto& [x, y] : points) places += point(places.empty() ? "M" : "L", x, y);
  text_ += "<path fill=\"none\" stroke-width=\"2\"" + attribute("stroke", colours[contestant % colours.size()]) +
           attribute("d", places) + "/>\n";
}

}  // namespace bench
