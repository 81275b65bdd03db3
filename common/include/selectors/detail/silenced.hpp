/// @file
/// The descriptors that a facility should not report for a while.
#pragma once

#include <selectors/detail/key_table.hpp>
#include <selectors/facility.hpp>

#include <algorithm>
#include <chrono>
#include <span>
#include <vector>

namespace selectors::detail {

/// Descriptors that the facility must not report, because nobody can take their events: the socket was closed or moved
/// away in place and its file is still open elsewhere, or it is a listening socket that needs a rest. If the facility
/// reported them, the wait would return at once, forever.
template <class Data>
class Silenced {
 public:
  /// Returns true if nothing is silenced, as nearly always.
  [[nodiscard]] bool empty() const noexcept { return silenced_.empty(); }

  /// Silences the descriptors of those events that nobody can take.
  void add(std::span<const Event> events, const KeyTable<Data>& table, Facility& facility) {
    for (const Event& event : events) {
      const auto* const entry = table.at(event.fd);
      if (entry == nullptr) continue;
      const bool needs_rest = entry->fileobj.needs_rest();
      if (!needs_rest && !entry->is_gone(event.fd)) continue;
      silenced_.push_back({event.fd, needs_rest ? Clock::now() + rest : Clock::time_point::max()});
      facility.silence(event.fd);
    }
  }

  /// Lets the facility report again the sockets whose rest is over and those that were put back into place.
  /// @return how long the next wait may last, at most `left`.
  [[gnu::noinline]] Timeout give_voice(const Timeout& left, const KeyTable<Data>& table, Facility& facility) {
    const auto now = Clock::now();
    auto next = Clock::time_point::max();
    std::erase_if(silenced_, [&](const QuietNumber& silenced) {
      const auto [fd, until] = silenced;
      auto* const entry = table.at(fd);
      if (entry == nullptr) return true;
      if (entry->is_gone(fd) || (entry->fileobj.needs_rest() && until > now)) {
        next = std::min(next, until);
        return false;
      }
      if (facility.standing(fd) != Standing::same) return false;
      entry->fileobj.end_rest();
      facility.modify(fd, entry->events());
      return true;
    });
    if (next == Clock::time_point::max() || (left.length() && *left.length() < next - now)) return left;
    return next - now;
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto rest = std::chrono::milliseconds(100);

  struct QuietNumber {
    int fd;
    Clock::time_point until;
  };

  std::vector<QuietNumber> silenced_;
};

}  // namespace selectors::detail
