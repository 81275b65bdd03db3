#include "turned_away.hpp"

#include <selectors/socket.hpp>

#include <atomic>
#include <chrono>
#include <string>
#include <system_error>

namespace selectors {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Clock::duration quiet_for = std::chrono::seconds(1);

std::atomic<TurnedAwayHandler> told = nullptr;
std::atomic<Clock::rep> episode_ends = Clock::time_point::min().time_since_epoch().count();

}  // namespace

TurnedAwayHandler on_turned_away(TurnedAwayHandler handler) noexcept { return told.exchange(handler); }

void tell_turned_away(int fd, int error) {
  const auto now = Clock::now().time_since_epoch();
  const bool same_episode = now.count() < episode_ends.exchange((now + quiet_for).count());
  const TurnedAwayHandler handler = told;
  if (handler == nullptr || same_episode) return;
  handler("accept on fd " + std::to_string(fd) + ": " + std::system_category().message(error) +
          "; who comes is turned away until somebody leaves (more descriptors: ulimit -n)");
}

}  // namespace selectors
