#include "marked_page.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace support {

void write_between(const std::string& path, const std::string& name, const std::string& text) {
  const std::string begin = "<!-- " + name + ": begin -->\n";
  const std::string end = "<!-- " + name + ": end -->\n";
  std::ifstream in(path);
  const std::string page((std::istreambuf_iterator<char>(in)), {});
  const auto begins = page.find(begin);
  const auto ends = page.find(end);
  if (!in || begins == std::string::npos || ends == std::string::npos || ends < begins)
    throw std::runtime_error("write the table into " + path + ": it has no two lines '<!-- " + name +
                             ": begin -->' and '<!-- " + name + ": end -->'");
  std::ofstream out(path);
  out << page.substr(0, begins + begin.size()) << '\n' << text << '\n' << page.substr(ends);
  if (!out.flush()) throw std::runtime_error("write the table into " + path + ": it cannot be written");
}

}  // namespace support
