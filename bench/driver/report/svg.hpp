// The little of SVG that the plots need.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// What may not stand in text as it is.
std::string escaped(std::string_view text);

/// A picture in a page that is light or dark: lines and text have the colour of the page's text.
class Svg {
 public:
  /// @param description what somebody is told who does not see it.
  Svg(double width, double height, const std::string& title, const std::string& description);

  enum class Anchor { start, middle, end };

  void text(double x, double y, const std::string& words, Anchor anchor = Anchor::start, bool bold = false);
  void line(double x1, double y1, double x2, double y2, double opacity = 1);

  /// A mark of the contestant that stands at this place of all: its colour and its shape.
  void mark(double x, double y, std::size_t contestant, const std::string& tip);

  /// The marks of one contestant, connected.
  void path(const std::vector<std::pair<double, double>>& points, std::size_t contestant);

  std::string finish() const { return text_ + "</svg>\n"; }

 private:
  std::string text_;
};

}  // namespace bench
