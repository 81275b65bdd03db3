#include "contestants.hpp"

#include "running.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace bench {

std::vector<Contestant> contestants(const std::string& path, const std::vector<std::string>& chosen) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("read the contestants in " + path + ": " + std::strerror(errno));
  std::vector<Contestant> all;
  for (std::string line; std::getline(file, line);) {
    Contestant one;
    std::istringstream fields(line);
    std::getline(fields, one.name, '\t');
    std::getline(fields, one.command, '\t');
    std::getline(fields, one.package, '\t');
    const bool wanted =
        chosen.empty() || one.name == "raw" || std::find(chosen.begin(), chosen.end(), one.name) != chosen.end();
    if (!one.name.empty() && wanted) all.push_back(std::move(one));
  }
  return all;
}

std::vector<std::string> versions(const std::vector<Contestant>& all) {
  std::vector<std::string> lines;
  for (const auto& one : all) {
    if (!one.present()) {
      lines.push_back(one.name + ": not installed (the package " + one.package + " brings it)");
      continue;
    }
    try {
      std::string about = output_of(one.call("about"), {});
      while (about.ends_with('\n')) about.pop_back();
      lines.push_back(one.name + ": " + about);
    } catch (const Interrupted&) {
      throw;
    } catch (const std::exception& error) {
      lines.push_back(one.name + ": " + error.what());
    }
  }
  return lines;
}

}  // namespace bench
