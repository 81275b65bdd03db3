/// @file
/// What a selector keeps for one registered descriptor.
#pragma once

#include <selectors/facility.hpp>
#include <selectors/selector_key.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace selectors::detail {

/// Destroys data that `modify` has replaced: the first data is inside its entry, any later data is allocated
/// separately.
template <class Data>
struct EndData {
  EntryShare<Data> home;  ///< The entry that contains the data, or null. It outlives the data.

  /// Destroys it.
  void operator()(Data* data) const noexcept {
    if (home)
      std::destroy_at(data);
    else
      std::default_delete<Data>()(data);
  }
};

/// Data that `modify` has replaced. Its destructor may do anything, even unregister its own key.
template <class Data>
using ReplacedData = std::unique_ptr<Data, EndData<Data>>;

/// One registered descriptor, in one piece of memory. It does not move as long as it is registered; its number is its
/// place in the table.
template <class Data>
class KeyEntry {
 public:
  Socket fileobj;  ///< Owned; empty if only a number is watched.

  /// Makes an entry without its socket, which is moved in when nothing can fail any more.
  KeyEntry(EventMask events, Owner owner, std::uint64_t now, Data&& data)
      : events_(as_byte(events)), owner_(owner), registered_at_(now), first_(std::move(data)) {
    data_ = &first_;
  }

  KeyEntry(const KeyEntry&) = delete;
  KeyEntry& operator=(const KeyEntry&) = delete;
  ~KeyEntry() {
    if (data_ == &first_)
      std::destroy_at(data_);
    else
      std::default_delete<Data>()(data_);
  }

  /// Returns the events that are asked for.
  [[nodiscard]] EventMask events() const { return EventMask(events_); }

  /// Asks for other events, which must be valid.
  void set_events(EventMask events) { events_ = as_byte(events); }

  /// Returns when it was registered, by the selector's own clock. Events that were found earlier belong to an earlier
  /// owner.
  [[nodiscard]] std::uint64_t registered_at() const { return registered_at_; }

  /// Returns true if the socket was closed or moved away without being unregistered.
  /// @param fd the number it was registered under.
  [[nodiscard]] bool is_gone(int fd) const { return fileobj.fileno() != fd && owner_ == Owner::selector; }

  /// Returns the data that was registered with it.
  [[nodiscard]] Data& data() { return *data_; }

  /// Returns the key as the program sees it.
  [[nodiscard]] SelectorKey<Data> key(int fd) { return {fileobj, fd, events(), data()}; }

 private:
  static std::uint8_t as_byte(EventMask events) { return static_cast<std::uint8_t>(events.bits()); }

  friend class EntryShare<Data>;

  std::uint8_t events_;  // one byte, which saves 16 bytes for an idle connection of lesson 06
  Owner owner_;
  std::atomic<std::uint16_t> shares_ = 1;
  std::uint64_t registered_at_;
  Data* data_;
  union {
    Data first_;  // data that replaces it is allocated separately, because this one may be running then
  };
};

/// A share in an entry; giving up the last one destroys the entry. It is a `std::shared_ptr` whose count is in the
/// entry. Shares may end in different threads.
template <class Data>
class EntryShare {
 public:
  EntryShare() = default;

  /// Makes the first share in a new entry.
  explicit EntryShare(std::unique_ptr<KeyEntry<Data>> entry) noexcept : entry_(entry.release()) {}

  EntryShare(EntryShare&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}
  EntryShare& operator=(EntryShare&& other) noexcept {
    std::swap(entry_, other.entry_);
    return *this;
  }
  EntryShare(const EntryShare&) = delete;
  EntryShare& operator=(const EntryShare&) = delete;

  ~EntryShare() {
    // If there is only one share, no other thread has one, and no atomic write is needed.
    if (entry_ == nullptr || (entry_->shares_.load(std::memory_order_acquire) > 1 &&
                              entry_->shares_.fetch_sub(1, std::memory_order_acq_rel) > 1))
      return;
    std::default_delete<KeyEntry<Data>>()(entry_);
  }

  /// Makes one more share.
  [[nodiscard]] EntryShare share() const noexcept {
    entry_->shares_.fetch_add(1, std::memory_order_relaxed);
    return EntryShare(entry_);
  }

  /// Replaces the data.
  /// @return the old data, so that it can be replaced while it is being called.
  ReplacedData<Data> replace_data(std::unique_ptr<Data> data) noexcept {
    const bool is_first = entry_->data_ == &entry_->first_;
    return {std::exchange(entry_->data_, data.release()), {is_first ? share() : EntryShare()}};
  }

  /// Returns the entry, or null.
  [[nodiscard]] KeyEntry<Data>* get() const noexcept { return entry_; }
  [[nodiscard]] KeyEntry<Data>& operator*() const noexcept { return *entry_; }
  [[nodiscard]] KeyEntry<Data>* operator->() const noexcept { return entry_; }
  [[nodiscard]] explicit operator bool() const noexcept { return entry_ != nullptr; }

 private:
  explicit EntryShare(KeyEntry<Data>* entry) noexcept : entry_(entry) {}

  KeyEntry<Data>* entry_ = nullptr;
};

}  // namespace selectors::detail
