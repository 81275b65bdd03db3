#include "measures.hpp"

#include <cerrno>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <system_error>

namespace support {
namespace {

std::string proc(pid_t pid, const char* name) { return "/proc/" + std::to_string(pid) + "/" + name; }

/// A line of such a file, `VmHWM:      2876 kB`, in bytes.
double bytes_in(const std::string& path, const std::string& field) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(field)) return 1024 * std::stod(line.substr(field.size()));
  throw std::runtime_error("read " + field + " in " + path + ": it is not there");
}

}  // namespace

std::chrono::nanoseconds cpu_time(pid_t pid) {
  clockid_t clock{};
  timespec time{};
  if (const int error = clock_getcpuclockid(pid, &clock); error != 0)
    throw std::system_error(error, std::system_category(), "clock_getcpuclockid of process " + std::to_string(pid));
  if (clock_gettime(clock, &time) < 0)
    throw std::system_error(errno, std::system_category(), "clock_gettime of process " + std::to_string(pid));
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// VmRSS is counted in batches on some kernels; the sum over the mappings is exact.
double resident_bytes(pid_t pid) { return bytes_in(proc(pid, "smaps_rollup"), "Rss:"); }

double peak_bytes(pid_t pid) { return bytes_in(proc(pid, "status"), "VmHWM:"); }

void forget_peak(pid_t pid) { std::ofstream(proc(pid, "clear_refs")) << "5"; }

std::size_t open_descriptors(pid_t pid) {
  const std::filesystem::directory_iterator entries(proc(pid, "fd"));
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

}  // namespace support
