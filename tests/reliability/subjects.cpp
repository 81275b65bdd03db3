#include "subjects.hpp"

#include <array>
#include <cstdio>
#include <memory>

namespace reliability {
namespace {

/// Where Python itself is: what is called python3 may be a script that only finds it, and would be measured with it.
std::string python() {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(
      popen("python3 -c 'import asyncio, sys; print(sys.executable)' 2>/dev/null", "r"), pclose);
  std::array<char, 4096> line{};
  if (!pipe || fgets(line.data(), line.size(), pipe.get()) == nullptr) return {};
  std::string path = line.data();
  while (!path.empty() && path.back() == '\n') path.pop_back();
  return path;
}

}  // namespace

std::vector<Subject> lessons(const std::vector<std::string>& facilities) {
  struct Lesson {
    const char* name;
    const char* variable;
    Kind kind;
    std::vector<std::string> arguments;
    bool ends;
  };
  const std::vector<Lesson> all = {{"04 echo-server", "ECHO_SERVER", Kind::echo, {}, true},
                                   {"06 multiconn-server", "MULTICONN_SERVER", Kind::echo, {"--quiet"}, false},
                                   {"06 callback-server", "CALLBACK_SERVER", Kind::echo, {"--quiet"}, false},
                                   {"07 chat-server", "CHAT_SERVER", Kind::chat, {"--quiet"}, false}};
  std::vector<Subject> subjects;
  for (const auto& lesson : all)
    for (const auto& facility : facilities)
      subjects.push_back({.name = lesson.name,
                          .kind = lesson.kind,
                          .command = support::Command(lesson.variable),
                          .facility = facility,
                          .arguments = lesson.arguments,
                          .ends_with_first_client = lesson.ends});
  return subjects;
}

std::vector<Subject> asyncio() {
  const std::string interpreter = python();
  if (interpreter.empty()) return {};
  return {{.name = "asyncio (CPython)",
           .kind = Kind::echo,
           .command = support::Command("asyncio-echo.py", "'" + interpreter + "' '" PEERS_DIR "/asyncio-echo.py'")}};
}

}  // namespace reliability
