/// @file
/// Where a selector keeps its keys: a table indexed by descriptor.
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

/// Keys by descriptor number. The system gives low numbers, so the table is dense.
template <class Data>
class KeyTable {
 public:
  using Entry = KeyEntry<Data>;  ///< What is kept.

  /// The entry of a number, or null.
  [[nodiscard]] Entry* at(int fd) const {
    const std::size_t slot = slot_of(fd);
    return slot < slots_.size() ? slots_[slot].get() : nullptr;
  }

  /// The number under which is registered what is named so, or -1. A socket that was closed in its place has no number:
  /// it is found by being the very object.
  [[nodiscard]] int find(const FileObject& fileobj) const {
    if (fileobj.fileno() >= 0 || fileobj.socket() == nullptr) return at(fileobj.fileno()) ? fileobj.fileno() : -1;
    const auto is_it = [&](const auto& slot) { return slot && &slot->fileobj == fileobj.socket(); };
    const auto found = std::find_if(slots_.begin(), slots_.end(), is_it);
    return found == slots_.end() ? -1 : number_in(static_cast<std::size_t>(found - slots_.begin()));
  }

  /// Allocates what `put` needs, so that `put` cannot fail.
  void make_room(int fd) {
    if (fd < bound()) return;
    slots_.resize(slot_of(fd) + 1);
  }

  /// Enters what has room already.
  Entry& put(int fd, EntryShare<Data> entry) noexcept {
    ++count_;
    return *(slots_[slot_of(fd)] = std::move(entry));
  }

  /// Puts other data in the place of an entry's.
  [[nodiscard]] ReplacedData<Data> replace_data(int fd, std::unique_ptr<Data> data) noexcept {
    return slots_[slot_of(fd)].replace_data(std::move(data));
  }

  /// Removes one.
  [[nodiscard]] EntryShare<Data> take(int fd) noexcept {
    --count_;
    return std::move(slots_[slot_of(fd)]);
  }

  /// The lowest registered number from `fd` on, or bound().
  [[nodiscard]] int next(int fd) const noexcept {
    while (fd < bound() && at(fd) == nullptr) fd += static_cast<int>(number_step);
    return fd;
  }

  /// Who is registered under an event's number, not closed since, and asks for it; or null.
  [[nodiscard]] Entry* find_asking(const Event& event) const {
    assert(event.fd >= 0 && event.fd < bound());  // a facility reports what was added, and that has its slot
    Entry* const entry = slots_[slot_of(event.fd)].get();
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
  [[nodiscard]] int bound() const noexcept { return number_in(slots_.size()); }

 private:
  std::vector<EntryShare<Data>> slots_;
  std::size_t count_ = 0;
};

}  // namespace selectors::detail
