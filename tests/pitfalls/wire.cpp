#include "wire.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <exception>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace pitfalls {
namespace {

/// Runs the action in a thread of its own, which may change its namespace, and then ends.
template <class Action>
void aside(const Action& action) {
  std::exception_ptr failed;
  std::thread([&] {
    try {
      action();
    } catch (...) {
      failed = std::current_exception();
    }
  }).join();
  if (failed) std::rethrow_exception(failed);
}

int require(int result, const char* attempt) {
  if (result < 0) throw std::system_error(errno, std::system_category(), attempt);
  return result;
}

int new_space() {
  int space = -1;
  aside([&] {
    require(unshare(CLONE_NEWNET), "make a network namespace");
    space = require(open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), "open a network namespace");
  });
  return space;
}

void run(const std::string& command) {
  if (std::system((command + " >/dev/null 2>&1").c_str()) != 0) throw std::runtime_error("this failed: " + command);
}

support::Peer connect_in(int space, support::Story& story, int port, const std::string& name) {
  std::optional<support::Peer> peer;
  aside([&] {
    require(setns(space, CLONE_NEWNET), "enter a network namespace");
    peer.emplace(story, port, name, 0, Wire::address());  // a socket stays where it was made
  });
  return std::move(*peer);
}

}  // namespace

bool Wire::can_be_laid() {
  try {
    const Wire wire;
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

std::string Wire::enter(int space) {
  return "nsenter --net=/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(space);
}

Wire::Wire() : server_(new_space()), client_(new_space()) {
  const std::string at_server = enter(server_) + " ip ";
  const std::string at_client = enter(client_) + " ip ";
  run(at_server + "link set lo up");
  run(at_server + "link add wire type veth peer name wire netns /proc/" + std::to_string(getpid()) + "/fd/" +
      std::to_string(client_));
  run(at_server + "addr add 10.77.0.1/24 dev wire");
  run(at_client + "addr add 10.77.0.2/24 dev wire");
  // The hardware address is fixed, so that no machine is asked for it. One that does not answer such a question is
  // reported as "unreachable", and with a router in between we would not learn even that.
  run(at_client + "link set wire address 02:00:00:00:00:02 up");
  run(at_server + "link set wire up");
  run(at_server + "neigh add 10.77.0.2 lladdr 02:00:00:00:00:02 dev wire nud permanent");
}

Wire::~Wire() {
  close(server_);
  close(client_);
}

support::Peer Wire::connect_far(support::Story& story, int port, const std::string& name) const {
  return connect_in(client_, story, port, name);
}

support::Peer Wire::connect_near(support::Story& story, int port, const std::string& name) const {
  return connect_in(server_, story, port, name);
}

void Wire::vanish(support::Story& story) const {
  story.tell("the client's machine", "vanishes: everything sent to it is lost, and nothing comes from it");
  run(enter(client_) + " ip addr del 10.77.0.2/24 dev wire");
}

}  // namespace pitfalls
