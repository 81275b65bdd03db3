/// @file
/// Where a selector keeps its keys: a table indexed by descriptor, and what must outlive a walk. Internal.
#pragma once

#include <selectors/facility.hpp>
#include <selectors/selector_key.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace selectors {

/// The data of a selector that keeps none.
struct Nothing {};

/// One registered descriptor. It stays where it is in memory for as long as it is registered.
template <class Data>
struct KeyEntry {
  Socket fileobj;                   ///< Owned; empty where a number is only watched.
  int fd = -1;                      ///< The number it was registered under.
  EventMask events;                 ///< What is asked for.
  int owned_fd = -1;                ///< The number of `fileobj` for as long as nobody takes or closes it.
  std::uint64_t registered_in = 0;  ///< The selector's turn: events of this turn are an earlier owner's.
  std::shared_ptr<Data> data;       ///< Apart, so that it can be replaced while it is being called.

  /// True if the socket was closed or taken away without being unregistered.
  [[nodiscard]] bool is_gone() const { return fileobj.fileno() != owned_fd; }

  /// The key as the outside sees it.
  [[nodiscard]] SelectorKey<Data> key() { return {fileobj, fd, events, *data}; }
};

/// Keys by descriptor number. The kernel gives the lowest free number, so the table is dense.
template <class Data>
class KeyTable {
 public:
  using Entry = KeyEntry<Data>;  ///< What is kept.

  /// The entry of a number, or null.
  [[nodiscard]] Entry* at(int fd) const {
    const auto index = static_cast<std::size_t>(fd);  // a negative number becomes a very large one
    return index < slots_.size() ? slots_[index].get() : nullptr;
  }

  /// The entry that is named so, or null. A socket that was closed in its place has no number: it is found by being the
  /// very object.
  [[nodiscard]] Entry* find(const FileObject& fileobj) const {
    if (fileobj.fileno() >= 0 || fileobj.socket() == nullptr) return at(fileobj.fileno());
    for (const auto& slot : slots_)
      if (slot && &slot->fileobj == fileobj.socket()) return slot.get();
    return nullptr;
  }

  /// Allocates what `put` needs, so that `put` cannot fail.
  void make_room(int fd) {
    if (static_cast<std::size_t>(fd) >= slots_.size()) slots_.resize(static_cast<std::size_t>(fd) + 1);
  }

  /// Enters what has room already.
  Entry& put(std::unique_ptr<Entry> entry) noexcept {
    ++count_;
    return *(slots_[static_cast<std::size_t>(entry->fd)] = std::move(entry));
  }

  /// Removes one.
  [[nodiscard]] std::unique_ptr<Entry> take(int fd) noexcept {
    --count_;
    return std::move(slots_[static_cast<std::size_t>(fd)]);
  }

  /// Removes all.
  [[nodiscard]] std::vector<std::unique_ptr<Entry>> take_all() {
    std::vector<std::unique_ptr<Entry>> entries;
    entries.reserve(count_);
    for (auto& slot : slots_)
      if (slot) entries.push_back(std::move(slot));
    slots_.clear();
    count_ = 0;
    return entries;
  }

  /// Whom an event found in this turn still concerns: registered before the turn, not closed since, and still asking
  /// for it; or null.
  [[nodiscard]] Entry* find_deliverable(const Event& event, std::uint64_t turn) const {
    Entry* const entry = at(event.fd);
    const bool concerned =
        entry != nullptr && entry->registered_in != turn && (event.mask & entry->events) && !entry->is_gone();
    return concerned ? entry : nullptr;
  }

  /// How many are registered.
  [[nodiscard]] std::size_t size() const noexcept { return count_; }

  /// One more than the greatest number ever registered.
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

  /// Keeps an entry until the walks have ended; lets it go at once if there is none.
  void keep(std::unique_ptr<KeyEntry<Data>> entry) noexcept {
    if (walks_ > 0) entries_.push_back(std::move(entry));
  }

  /// The same for data, which somebody else may share.
  void keep(std::shared_ptr<Data> data) noexcept {
    if (walks_ > 0) data_.push_back(std::move(data));
  }

  /// A walk begins.
  void begin() noexcept { ++walks_; }

  /// A walk has ended. What is let go may itself come back here, so it is let go from outside the lists.
  void end() noexcept {
    if (--walks_ > 0 || (entries_.empty() && data_.empty())) return;
    const auto entries = std::exchange(entries_, {});
    const auto data = std::exchange(data_, {});
  }

 private:
  template <class Kept>
  static void make_room_in(std::vector<Kept>& kept, std::size_t count) {
    const std::size_t needed = kept.size() + count;
    if (needed > kept.capacity()) kept.reserve(std::max(needed, 2 * kept.capacity()));
  }

  int walks_ = 0;
  std::vector<std::unique_ptr<KeyEntry<Data>>> entries_;
  std::vector<std::shared_ptr<Data>> data_;
};

}  // namespace selectors
