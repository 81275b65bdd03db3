/// @file
/// Where a selector keeps its keys: a table indexed by descriptor, and what must outlive a walk. Internal.
#pragma once

#include <selectors/diagnostics.hpp>
#include <selectors/facility.hpp>
#include <selectors/key_entry.hpp>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace selectors {

/// Keys by descriptor number. The kernel gives the lowest free number, so the table is dense.
template <class Data>
class KeyTable {
 public:
  using Entry = KeyEntry<Data>;  ///< What is kept.

  /// The entry of a number, or null.
  [[nodiscard]] Entry* at(int fd) const {
    const std::size_t index = static_cast<unsigned>(fd);  // a negative number becomes a very large one
    return index < slots_.size() ? slots_[index].get() : nullptr;
  }

  /// The number under which is registered what is named so, or -1. A socket that was closed in its place has no number:
  /// it is found by being the very object.
  [[nodiscard]] int find(const FileObject& fileobj) const {
    if (fileobj.fileno() >= 0 || fileobj.socket() == nullptr) return at(fileobj.fileno()) ? fileobj.fileno() : -1;
    const auto is_it = [&](const auto& slot) { return slot && &slot->fileobj == fileobj.socket(); };
    const auto found = std::find_if(slots_.begin(), slots_.end(), is_it);
    return found == slots_.end() ? -1 : static_cast<int>(found - slots_.begin());
  }

  /// Allocates what `put` needs, so that `put` cannot fail.
  void make_room(int fd) {
    if (fd < bound()) return;
    slots_.resize(static_cast<std::size_t>(fd) + 1);
  }

  /// Enters what has room already.
  Entry& put(int fd, std::unique_ptr<Entry> entry) noexcept {
    ++count_;
    return *(slots_[static_cast<std::size_t>(fd)] = std::move(entry));
  }

  /// Removes one.
  [[nodiscard]] std::unique_ptr<Entry> take(int fd) noexcept {
    --count_;
    return std::move(slots_[static_cast<std::size_t>(fd)]);
  }

  /// Removes all.
  [[nodiscard]] std::vector<std::unique_ptr<Entry>> take_all() noexcept {
    count_ = 0;
    return std::exchange(slots_, {});
  }

  /// Who is registered under an event's number, not closed since, and asks for it; or null.
  [[nodiscard]] Entry* find_asking(const Event& event) const {
    assert(event.fd >= 0 && event.fd < bound());  // a facility reports what was added, and that has its slot
    Entry* const entry = slots_[static_cast<unsigned>(event.fd)].get();
    return entry != nullptr && !entry->is_gone(event.fd) && (event.mask & entry->events()) ? entry : nullptr;
  }

  /// Whom an event still concerns that a select found: who is asking for it, and was registered before that; or null.
  [[nodiscard]] Entry* find_deliverable(const Event& event, std::uint64_t selected_at) const {
    Entry* const entry = find_asking(event);
    return entry != nullptr && entry->registered_at() < selected_at ? entry : nullptr;
  }

  /// How many are registered.
  [[nodiscard]] std::size_t size() const noexcept { return count_; }

  /// One more than the greatest number that there is room for.
  [[nodiscard]] int bound() const noexcept { return static_cast<int>(slots_.size()); }

 private:
  std::vector<std::unique_ptr<Entry>> slots_;
  std::size_t count_ = 0;
};

/// What was taken out of the bag while a batch is walked, kept until no walk is left.
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

  /// Keeps an entry until the walks have ended; does nothing if nobody walks.
  void keep(const EntryShare<Data>& entry) noexcept {
    if (walks_ > 0) entries_.push_back(entry);
  }

  /// Keeps data until the walks have ended; ends it at once if there is none.
  void keep(ReplacedData<Data> data) noexcept {
    if (walks_ > 0) data_.push_back(std::move(data));
  }

  /// A walk begins.
  void begin() noexcept { ++walks_; }

  /// A walk has ended. What is let go may itself come back here, so it is let go from outside the lists.
  void end() noexcept {
    if (--walks_ > 0 || (entries_.empty() && data_.empty())) return;
    const auto entries = std::exchange(entries_, {});
    const auto data = std::exchange(data_, {});  // ends before the entries, in which it may be
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
  Counters counters;                            ///< What is told outside.
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

}  // namespace selectors
