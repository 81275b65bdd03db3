#include "running.hpp"

#include "wire.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace reliability {
namespace {

support::Start with_subject(const Subject& subject, support::Start start) {
  start.arguments = subject.arguments;
  start.dropped = true;
  if (subject.ours()) start.environment.push_back("SELECTORS_FACILITY=" + subject.facility);
  return start;
}

}  // namespace

Running::Running(const Subject& subject, support::Start start)
    : subject_(subject), server_(story_, subject.command, with_subject(subject, std::move(start)), "127.0.0.1") {}

bool Running::alive() {
  return server_.running() || (subject_.ends_with_first_client && server_.ending() == "status 0");
}

std::string Running::death() {
  eventually(500ms, [&] { return !server_.running(); });  // a connection that breaks is seen before its server's end
  if (server_.running()) return "no longer serves";
  if (server_.ending() == "status 0") return "ended by itself";
  std::string errors = server_.errors();
  while (!errors.empty() && errors.back() == '\n') errors.pop_back();
  const std::string last = errors.substr(errors.rfind('\n') + 1);
  const std::string shown = last.size() > 60 ? last.substr(0, 57) + "..." : last;
  return "crashed: " + server_.ending() + (shown.empty() ? "" : ", " + shown);
}

bool Running::serves_newcomers(std::chrono::milliseconds patience) {
  const auto end = Clock::now() + patience;
  while (Clock::now() < end && server_.running()) {
    auto client = Wire::connect(port(), patience);
    if (!client) continue;
    if (subject_.kind == Kind::echo) {
      if (client->ask("anybody there?", patience)) return true;
    } else if (auto listener = Wire::connect(port(), patience)) {
      // Nothing tells when the listener has been accepted, so the question is asked again until it is heard.
      while (Clock::now() < end && client->send("?", patience))
        if (!listener->receive(1, 20ms).empty()) return true;
    }
    support::pass(10ms);
  }
  return false;
}

bool Running::descriptors_return_to(std::size_t count, std::chrono::milliseconds patience) {
  return eventually(patience, [&] { return !server_.running() || server_.open_descriptors() <= count; }) &&
         server_.running();
}

bool Running::holds(std::size_t connections, std::chrono::milliseconds patience) {
  return eventually(patience, [&] { return !server_.running() || server_.connections() >= connections; }) &&
         server_.running();
}

Trace::Trace(const std::string& calls, const std::string& injection) {
  // -D: strace is the server's grandchild, and the process that is started is the server itself
  under_ = "strace -D -f -qq -e signal=none -e verbose=none -o " + file_.path() + " -e trace=" + calls;
  if (!injection.empty()) under_ += " -e inject=" + injection;
}

std::size_t Trace::calls() const {
  std::ifstream file(file_.path());
  return static_cast<std::size_t>(std::count(std::istreambuf_iterator<char>(file), {}, '\n'));
}

bool Trace::injected() const {
  std::ifstream file(file_.path());
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  return text.find("(INJECTED)") != std::string::npos;
}

}  // namespace reliability
