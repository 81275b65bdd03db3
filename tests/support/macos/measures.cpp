// By way of commands: of libproc's calls Zig, which this is built with, has no header.
#include "../measures.hpp"

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace support {
namespace {

std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "r");
  std::string text;
  std::array<char, 4096> part{};
  while (pipe != nullptr && std::fgets(part.data(), static_cast<int>(part.size()), pipe) != nullptr)
    text += part.data();
  if (pipe == nullptr || pclose(pipe) != 0 || text.empty()) throw std::runtime_error(command + ": it says nothing");
  return text;
}

std::string ps(pid_t pid, const std::string& field) {
  return output_of("ps -o " + field + "= -p " + std::to_string(pid));
}

}  // namespace

std::chrono::nanoseconds cpu_time(pid_t pid) {
  const std::string text = ps(pid, "time");  // 0:01.25, minutes and seconds
  const auto colon = text.find(':');
  if (colon == text.npos) throw std::runtime_error("the processor time of a process: ps said " + text);
  const std::chrono::duration<double> seconds(std::stod(text.substr(colon + 1)));
  return std::chrono::minutes(std::stol(text)) + std::chrono::round<std::chrono::nanoseconds>(seconds);
}

bool at_work(pid_t pid) { return std::string("RU").find(ps(pid, "state").front()) != std::string::npos; }

double resident_bytes(pid_t pid) { return 1024 * std::stod(ps(pid, "rss")); }

std::size_t open_descriptors(pid_t pid) {
  const std::string lines = output_of("lsof -nP -a -d 0-65535 -Ff -p " + std::to_string(pid));  // p1234, f0, f1, …
  std::size_t count = 0;
  for (std::size_t at = 0; (at = lines.find("\nf", at)) != lines.npos; ++at) ++count;
  return count;
}

std::size_t accepted_connections(int) {
  throw std::runtime_error("the connections to a port can be counted on Linux, where Windows' programs are tested");
}

int watch_end(pid_t) { return -1; }

}  // namespace support
