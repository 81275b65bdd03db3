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

/// What left the bag while a batch is walked, kept until no walk is left: keys that the walk handed out refer to it.
template <class Data>
class Retired {
 public:
  /// Allocates what the next `keep` of so many entries needs, so that it cannot fail.
  void make_room_for_entries(std::size_t count) {
    if (walks_ > 0) make_room_in(entries_, count);
  }

  /// The same for one `keep` of data.
  void make_room_for_data() {
    if (walks_ > 0) make_room_in(data_, 1);
  }

  /// Keeps an entry until the walks have ended, if there are any.
  void keep(const EntryShare<Data>& entry) noexcept {
    if (walks_ > 0) entries_.push_back(entry.share());
  }

  /// The same with data; if there is no walk, it ends with this call.
  void keep(ReplacedData<Data> data) noexcept {
    if (walks_ > 0) data_.push_back(std::move(data));
  }

  /// A walk begins.
  void begin() noexcept { ++walks_; }

  /// A walk has ended. Data may come back here as it ends, so the lists are emptied before it does.
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
  KeyTable<Data> table;                         ///< Who is registered.
  Retired<Data> retired;                        ///< Who was, until the walks have ended.
  std::uint64_t now = 0;                        ///< A clock that only counts: selects, registrations, close.
  std::uint64_t latest_select = 0;              ///< When it began. One that began later ends a walk.
  Counters counters;                            ///< What `counters` returns.
  std::unique_ptr<BusyLoopDetector> busy_loop;  ///< Null where nobody looks.

  /// What is registered from now on has nothing to do with events that were found before; their walk ends.
  void begin_select() noexcept { latest_select = ++now; }

  /// Looks at each event in full, where something was registered or selected since they were found.
  /// @return the first that still concerns somebody, or the end.
  [[gnu::noinline]] const Event* search(std::span<const Event> events, std::uint64_t selected_at) {
    const Event* const end = events.data() + events.size();
    if (latest_select != selected_at) return end;  // a later select, or close, has taken the memory of these events
    const Event* event = events.data();
    for (; event != end && table.find_deliverable(*event, selected_at) == nullptr; ++event) ++counters.stale;
    return event;
  }
};

}  // namespace selectors::detail
