/// @file
/// The table in which a selector keeps its keys, indexed by descriptor.
#pragma once

#include <selectors/detail/key_entry.hpp>
#include <selectors/detail/slots.hpp>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace selectors::detail {

/// Keys by descriptor number. The system hands out low numbers, so the table is dense.
template <class Data>
class KeyTable {
 public:
  using Entry = KeyEntry<Data>;  ///< What the table keeps.

  /// Returns the entry of a number, or null.
  [[nodiscard]] Entry* at(int fd) const {
    const std::size_t slot = slot_of(fd);
    return slot < slots_.size() ? slots_[slot].get() : nullptr;
  }

  /// Returns the number under which this object is registered, or -1. A socket that was closed in place has no number
  /// any more, so it is found by its address.
  [[nodiscard]] int find(const FileObject& fileobj) const {
    if (fileobj.fileno() >= 0 || fileobj.socket() == nullptr) return at(fileobj.fileno()) ? fileobj.fileno() : -1;
    const auto is_it = [&](const auto& slot) { return slot && &slot->fileobj == fileobj.socket(); };
    const auto found = std::find_if(slots_.begin(), slots_.end(), is_it);
    return found == slots_.end() ? -1 : number_in(static_cast<std::size_t>(found - slots_.begin()));
  }

  /// Allocates the memory that `put` needs, so that `put` cannot fail.
  void make_room(int fd) {
    if (fd < bound()) return;
    slots_.resize(slot_of(fd) + 1);
  }

  /// Adds an entry. The room for it must have been made.
  Entry& put(int fd, EntryShare<Data> entry) noexcept {
    ++count_;
    return *(slots_[slot_of(fd)] = std::move(entry));
  }

  /// Replaces the data of an entry.
  [[nodiscard]] ReplacedData<Data> replace_data(int fd, std::unique_ptr<Data> data) noexcept {
    return slots_[slot_of(fd)].replace_data(std::move(data));
  }

  /// Removes an entry.
  [[nodiscard]] EntryShare<Data> take(int fd) noexcept {
    --count_;
    return std::move(slots_[slot_of(fd)]);
  }

  /// Returns the lowest registered number from `fd` on, or bound().
  [[nodiscard]] int next(int fd) const noexcept {
    while (fd < bound() && at(fd) == nullptr) fd += static_cast<int>(number_step);
    return fd;
  }

  /// Returns the entry that is registered under the event's number, if it has not been closed since and asks for the
  /// event; else null.
  [[nodiscard]] Entry* find_asking(const Event& event) const {
    assert(event.fd >= 0 && event.fd < bound());  // a facility reports only what was added, which has its slot
    Entry* const entry = slots_[slot_of(event.fd)].get();
    return entry != nullptr && !entry->is_gone(event.fd) && (event.mask & entry->events()) ? entry : nullptr;
  }

  /// Returns the entry that an event of a `select` still concerns: it asks for the event, and was registered before
  /// that `select`; else null.
  [[nodiscard]] Entry* find_deliverable(const Event& event, std::uint64_t selected_at) const {
    Entry* const entry = find_asking(event);
    return entry != nullptr && entry->registered_at() < selected_at ? entry : nullptr;
  }

  /// Returns how many are registered.
  [[nodiscard]] std::size_t size() const noexcept { return count_; }

  /// Returns one more than the greatest number that there is room for.
  [[nodiscard]] int bound() const noexcept { return number_in(slots_.size()); }

 private:
  std::vector<EntryShare<Data>> slots_;
  std::size_t count_ = 0;
};

}  // namespace selectors::detail
