#include "servers.hpp"

#include "report/names.hpp"

#include <unistd.h>

#include <filesystem>

namespace bench {
namespace {

/// Where a server's lines go. One server runs at a time.
std::string lines_file() {
  return std::filesystem::temp_directory_path() / ("bench-lines-" + std::to_string(getpid()));
}

support::Command lesson(const char* variable, const std::string& words) {
  support::Command command(variable);
  command.line += " 127.0.0.1 0" + words;
  return command;
}

}  // namespace

std::unique_ptr<Service> ServerUnderTest::start(const std::string& under) const {
  support::Start start;
  start.under = under;
  if (!lines) return std::make_unique<Service>(command, start);
  const std::string file = lines_file();
  std::filesystem::remove(file);
  auto service = std::make_unique<Service>(command, start, file);
  std::filesystem::remove(file);  // its descriptor is all that is needed
  return service;
}

std::vector<ServerUnderTest> echo_servers(const std::vector<Contestant>& all) {
  std::vector<ServerUnderTest> servers;
  for (const auto& one : all) {
    if (one.name == "ours") {
      servers.push_back({"ours", lesson("MULTICONN_SERVER", " --quiet")});
      servers.push_back({ours_lines, lesson("MULTICONN_SERVER", ""), true});
    } else if (one.present()) {
      servers.push_back({one.name, one.call("echo")});
    }
    if (one.name == "raw") servers.push_back({raw_lines, one.call("echo-with-lines"), true});
  }
  return servers;
}

std::vector<ServerUnderTest> chat_servers(const std::vector<Contestant>& all) {
  std::vector<ServerUnderTest> servers;
  for (const auto& one : all) {
    if (one.name == "ours")
      servers.push_back({"ours", lesson("CHAT_SERVER", " --quiet")});
    else if (one.present())
      servers.push_back({one.name, one.call("chat")});
  }
  return servers;
}

}  // namespace bench
