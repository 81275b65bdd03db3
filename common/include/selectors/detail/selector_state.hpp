/// @file
/// What a selector and the walks over its batches share.
#pragma once

#include <selectors/detail/busy_loop_detector.hpp>
#include <selectors/detail/key_table.hpp>
#include <selectors/diagnostics.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace selectors::detail {

/// Keeps entries and data that were taken out during a walk until all walks have ended, because keys that the walk
/// handed out refer to them.
template <class Data>
class Retired {
 public:
  /// Allocates the memory that keeping this many entries needs, so that the next `keep` cannot fail.
  void make_room_for_entries(std::size_t count) {
    if (walks_ > 0) make_room_in(entries_, count);
  }

  /// Does the same for one `keep` of data.
  void make_room_for_data() {
    if (walks_ > 0) make_room_in(data_, 1);
  }

  /// Keeps an entry until all walks have ended, if there are any.
  void keep(const EntryShare<Data>& entry) noexcept {
    if (walks_ > 0) entries_.push_back(entry.share());
  }

  /// Keeps data in the same way; if there is no walk, the data is destroyed at once.
  void keep(ReplacedData<Data> data) noexcept {
    if (walks_ > 0) data_.push_back(std::move(data));
  }

  /// Notes that a walk begins.
  void begin() noexcept { ++walks_; }

  /// Notes that a walk has ended. The destructor of data may call this again, so the lists are emptied first.
  void end() noexcept {
    if (--walks_ > 0 || (entries_.empty() && data_.empty())) return;
    const auto data = std::exchange(data_, {});
    const auto entries = std::exchange(entries_, {});
  }

 private:
  template <class Kept>
  static void make_room_in(std::vector<Kept>& kept, std::size_t count) {
    const std::size_t needed = kept.size() + count;
    if (needed > kept.capacity()) kept.reserve(std::max(needed, 2 * kept.capacity()));
  }

  int walks_ = 0;
  std::vector<EntryShare<Data>> entries_;
  std::vector<ReplacedData<Data>> data_;
};

/// What a selector and the walks over its batches share.
template <class Data>
struct SelectorState {
  KeyTable<Data> table;                         ///< The keys that are registered.
  Retired<Data> retired;                        ///< Keys that no longer are, until all walks have ended.
  std::uint64_t now = 0;                        ///< A clock that only counts: selects, registrations, close.
  std::uint64_t latest_select = 0;              ///< When the latest select began, which ends earlier walks.
  Counters counters;                            ///< What `counters` returns.
  std::unique_ptr<BusyLoopDetector> busy_loop;  ///< Null if the search is off.

  /// Begins a select: it ends earlier walks, and its events do not concern keys that are registered from now on.
  void begin_select() noexcept { latest_select = ++now; }

  /// Checks each event in full, for the case that something was registered or selected since the events were found.
  /// @return the first event that still concerns a key, or the end.
  [[gnu::noinline]] const Event* search(std::span<const Event> events, std::uint64_t selected_at) {
    const Event* const end = events.data() + events.size();
    if (latest_select != selected_at) return end;  // a later select, or close, has reused the memory of these events
    const Event* event = events.data();
    for (; event != end && table.find_deliverable(*event, selected_at) == nullptr; ++event) ++counters.stale;
    return event;
  }
};

}  // namespace selectors::detail
