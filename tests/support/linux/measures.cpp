#include "../measures.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
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

/// The connections to a port that the kernel shows, but for those without an inode, which nobody has accepted.
std::size_t lines_about(int port) {
  constexpr std::string_view listening = "0A";
  std::size_t count = 0;
  for (const char* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) {
      std::istringstream fields(line);
      std::string slot, local, remote, state, queues, timer, retransmissions, user, timeout, inode;
      fields >> slot >> local >> remote >> state >> queues >> timer >> retransmissions >> user >> timeout >> inode;
      const auto colon = local.find(':');
      if (colon == local.npos || state == listening || inode == "0") continue;
      if (std::stoi(local.substr(colon + 1), nullptr, 16) == port) ++count;
    }
  }
  return count;
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

bool at_work(pid_t pid) {
  std::ifstream file(proc(pid, "stat"));
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto name_ends = text.rfind(") ");
  return name_ends != text.npos && std::string_view("RDt").find(text[name_ends + 2]) != std::string_view::npos;
}

// VmRSS is counted in batches on some kernels; the sum over the mappings is exact.
double resident_bytes(pid_t pid) { return bytes_in(proc(pid, "smaps_rollup"), "Rss:"); }

double peak_bytes(pid_t pid) { return bytes_in(proc(pid, "status"), "VmHWM:"); }

void forget_peak(pid_t pid) { std::ofstream(proc(pid, "clear_refs")) << "5"; }

std::size_t open_descriptors(pid_t pid) {
  const std::filesystem::directory_iterator entries(proc(pid, "fd"));
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

std::size_t accepted_connections(int port) {
  // While others connect and close, the kernel may pass over a line or show it twice.
  std::size_t count = lines_about(port);
  while (true) {
    const std::size_t again = lines_about(port);
    if (again == count) return count;
    count = again;
  }
}

int watch_end(pid_t pid) { return static_cast<int>(syscall(SYS_pidfd_open, pid, 0)); }

}  // namespace support
