#include "report/plots.hpp"

#include "report/axis.hpp"
#include "report/svg.hpp"
#include "samples.hpp"
#include "support/catch.hpp"

#include <vector>

using namespace bench;

namespace {

/// Why the text is not well-formed XML, as far as our pictures use it; empty if it is.
std::string fault(const std::string& xml) {
  std::vector<std::string> open;
  for (std::size_t i = 0; i < xml.size();) {
    if (xml[i] == '&') {
      const auto end = xml.find(';', i);
      if (end == xml.npos || end - i > 5) return "a bare & at " + std::to_string(i);
    }
    if (xml[i] == '>') return "a bare > at " + std::to_string(i);
    if (xml[i] != '<') {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    for (char quote = '\0'; end < xml.size() && (quote != '\0' || xml[end] != '>'); ++end) {
      if (xml[end] == '<') return "a < in a tag at " + std::to_string(end);
      if (xml[end] == '"') quote = quote == '\0' ? '"' : '\0';
    }
    if (end == xml.size()) return "a tag without an end at " + std::to_string(i);
    const std::string tag = xml.substr(i + 1, end - i - 1);
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag.starts_with('/')) {
      if (open.empty() || "/" + open.back() != tag) return "<" + tag + "> closes another";
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.push_back(name);
    }
    i = end + 1;
  }
  return open.empty() ? "" : "<" + open.front() + "> is not closed";
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++found;
  return found;
}

Results growth_run() {
  Results results;
  for (const auto* size : {"100", "900", "19000"}) add(results, "raw", {120}, "growth", size, grows_hot_1);
  for (const auto* size : {"100", "900"}) add(results, ours_on("select"), {1000}, "growth", size, grows_hot_1);
  return results;
}

}  // namespace

TEST_CASE("the check of the pictures finds what is not well-formed") {
  CHECK(fault("<a b=\"1 > 0\"><c/>x &amp; y</a>").empty());
  CHECK_FALSE(fault("<a><b></a></b>").empty());
  CHECK_FALSE(fault("<a>").empty());
  CHECK_FALSE(fault("<a b=\"").empty());
  CHECK_FALSE(fault("<a>R & D</a>").empty());
}

TEST_CASE("the plots are well-formed, have a title and a description, and bring nothing along") {
  const std::string machine = "a machine <fast> & \"cheap\"";
  for (const std::string& svg : {ratio_plot(Figures(run_of("1").samples), machine),
                                 growth_plot(Figures(growth_run().samples), machine), ratio_plot(Figures({}), "")}) {
    const std::string found = fault(svg);
    INFO(found);
    CHECK(found.empty());
    CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    CHECK(svg.find("<title>") < svg.find("<desc>"));
    CHECK(svg.find("currentColor") != svg.npos);
    CHECK(count(svg, "http") == 1);  // the name space alone: no font, no script
    CHECK(svg.find("nan") == svg.npos);
  }
}

TEST_CASE("every contestant that was measured has its mark") {
  const std::string svg = ratio_plot(Figures(run_of("1").samples), "");
  CHECK(count(svg, "<title>ours, hot, 100 active of 100: 1.02</title>") == 1);
  CHECK(count(svg, "<title>libuv, hot, 100 active of 100: 1.09</title>") == 1);
  CHECK(svg.find("<title>asio, hot") == svg.npos);

  const std::string growth = growth_plot(Figures(growth_run().samples), "");
  CHECK(count(growth, "<title>raw, 19000 descriptors: 120 ns</title>") == 1);
  CHECK(growth.find("ours on select, 19000") == growth.npos);
}

TEST_CASE("what is told per time is turned round, so that the left is better everywhere") {
  Results results;
  add(results, "raw", {100}, "chat", members(100), deliveries);
  add(results, "ours", {200}, "chat", members(100), deliveries);
  CHECK(count(ratio_plot(Figures(results.samples), ""), "<title>ours, chat, 100 members, time: 0.50</title>") == 1);
}

TEST_CASE("the axis is logarithmic, and nothing stands beyond its ends") {
  const Axis axis(0, 100, 1, 100);
  CHECK(near(axis.at(1), 0));
  CHECK(near(axis.at(10), 50));
  CHECK(near(axis.at(1000), 100));
  CHECK(near(axis.at(0), 0));
  CHECK(axis.holds(100));
  CHECK_FALSE(axis.holds(0.9));
  CHECK_FALSE(axis.holds(101));
}
