#include "turned_away.hpp"

#include "os.hpp"

#include <selectors/socket.hpp>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>

namespace selectors {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Clock::duration quiet_for = std::chrono::seconds(1);

std::atomic<TurnedAwayHandler> told = nullptr;
std::atomic<Clock::rep> incident_ends = Clock::time_point::min().time_since_epoch().count();

bool begins_incident() {
  const auto now = Clock::now().time_since_epoch();
  return now.count() >= incident_ends.exchange((now + quiet_for).count());
}

}  // namespace

TurnedAwayHandler on_turned_away(TurnedAwayHandler handler) noexcept { return told.exchange(handler); }

void tell_turned_away(std::string_view what) {
  if (!begins_incident()) return;
  if (const TurnedAwayHandler handler = told) handler(what);
}

void tell_turned_away(int fd, int error) {
  if (!begins_incident()) return;
  const TurnedAwayHandler handler = told;
  if (handler == nullptr) return;
  const bool no_descriptor = error == EMFILE || error == ENFILE;
  handler("accept on fd " + std::to_string(fd) + ": " + os::error(error).message() +
          (no_descriptor ? "; new clients are turned away until another client leaves (ulimit -n raises the limit)"
                         : "; new clients wait in the queue, and the server tries again ten times a second"));
}

}  // namespace selectors
