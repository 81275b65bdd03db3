#include "machine.hpp"

#include "report/statistics.hpp"

#include <selectors/selectors.hpp>

#include <sys/utsname.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>

namespace bench {
namespace {

/// What stands behind the colon of the first such line of /proc/cpuinfo.
std::string cpuinfo(const std::string& field) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(field)) return line.substr(line.find(": ") + 2);
  return {};
}

std::string now(const char* format) {
  const std::time_t time = std::time(nullptr);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), format, std::localtime(&time));
  return text.data();
}

bool is_virtual() { return cpuinfo("flags").find(" hypervisor") != std::string::npos; }

std::string compiler() {
#if defined(__clang__)
  return "clang " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace

std::string machine() {
  utsname system{};
  uname(&system);
  const std::string model = cpuinfo("model name");
  return std::string(system.sysname) + " " + system.release + " " + system.machine + ", " +
         std::to_string(sysconf(_SC_NPROCESSORS_ONLN)) + " CPUs " + (model.empty() ? "of a model not told" : model) +
         (is_virtual() ? ", under a hypervisor" : "");
}

std::vector<std::string> surroundings(const std::string& pinning) {
  std::array<double, 3> load{};
  getloadavg(load.data(), static_cast<int>(load.size()));
  std::vector<std::string> lines = {
      machine(),
      now("%Y-%m-%d %H:%M"),
      compiler() + ", build type " BUILD_TYPE ", selectors on " + selectors::DefaultSelector<int>().name(),
      pinning,
      "load average " + decimal(load[0], 2) + " before the run",
  };
  if (load[0] > 0.5 * static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN)))
    lines.emplace_back("warning: the machine has other things to do, so times say less than they could");
  return lines;
}

std::string new_run() {
  std::random_device random;
  std::array<char, 16> tail{};
  std::snprintf(tail.data(), tail.size(), "-%06x", random() & 0xFFFFFFU);
  return now("%Y%m%dT%H%M%S") + tail.data();
}

}  // namespace bench
