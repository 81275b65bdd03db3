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

/// Ends data that `modify` has replaced: the first is within its entry, each later one apart.
template <class Data>
struct EndData {
  EntryShare<Data> home;  ///< The entry that the data is within, or null. It stays until the data has ended.

  /// Ends it.
  void operator()(Data* data) const noexcept {
    if (home)
      std::destroy_at(data);
    else
      std::default_delete<Data>()(data);
  }
};

/// Data that `modify` has replaced. As it ends it may do anything, even take its own key out.
template <class Data>
using ReplacedData = std::unique_ptr<Data, EndData<Data>>;

/// One registered descriptor, in one piece of memory. It stays where it is for as long as it is registered; its number
/// is its place in the table.
template <class Data>
class KeyEntry {
 public:
  Socket fileobj;  ///< Owned; empty where a number is only watched.

  /// Without its socket, which is moved in when nothing can fail any more.
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

  /// What is asked for.
  [[nodiscard]] EventMask events() const { return EventMask(events_); }

  /// Asks for other events, which are valid.
  void set_events(EventMask events) { events_ = as_byte(events); }

  /// When, by the selector's own clock: events that were found earlier are an earlier owner's.
  [[nodiscard]] std::uint64_t registered_at() const { return registered_at_; }

  /// True if the socket was closed or taken away without being unregistered.
  /// @param fd the number it was registered under.
  [[nodiscard]] bool is_gone(int fd) const { return fileobj.fileno() != fd && owner_ == Owner::selector; }

  /// What was registered beside it.
  [[nodiscard]] Data& data() { return *data_; }

  /// The key as the outside sees it.
  [[nodiscard]] SelectorKey<Data> key(int fd) { return {fileobj, fd, events(), data()}; }

 private:
  static std::uint8_t as_byte(EventMask events) { return static_cast<std::uint8_t>(events.bits()); }

  friend class EntryShare<Data>;

  std::uint8_t events_;  // a byte: so what is kept of an idle connection of lesson 06 is 16 bytes less
  Owner owner_;
  std::atomic<std::uint16_t> shares_ = 1;
  std::uint64_t registered_at_;
  Data* data_;
  union {
    Data first_;  // apart from what replaces it, which comes while it may be running
  };
};

/// A share in an entry: whoever gives up the last one ends it. A `std::shared_ptr` whose count is in the entry. Shares
/// may end in different threads.
template <class Data>
class EntryShare {
 public:
  EntryShare() = default;

  /// The first share in a new entry.
  explicit EntryShare(std::unique_ptr<KeyEntry<Data>> entry) noexcept : entry_(entry.release()) {}

  EntryShare(EntryShare&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}
  EntryShare& operator=(EntryShare&& other) noexcept {
    std::swap(entry_, other.entry_);
    return *this;
  }
  EntryShare(const EntryShare&) = delete;
  EntryShare& operator=(const EntryShare&) = delete;

  ~EntryShare() {
    // A single share is nobody else's, and there is nothing to be settled with other threads.
    if (entry_ == nullptr || (entry_->shares_.load(std::memory_order_acquire) > 1 &&
                              entry_->shares_.fetch_sub(1, std::memory_order_acq_rel) > 1))
      return;
    std::default_delete<KeyEntry<Data>>()(entry_);
  }

  /// One more.
  [[nodiscard]] EntryShare share() const noexcept {
    entry_->shares_.fetch_add(1, std::memory_order_relaxed);
    return EntryShare(entry_);
  }

  /// Puts other data in its place.
  /// @return the old, so that it can be replaced while it is being called.
  ReplacedData<Data> replace_data(std::unique_ptr<Data> data) noexcept {
    const bool is_first = entry_->data_ == &entry_->first_;
    return {std::exchange(entry_->data_, data.release()), {is_first ? share() : EntryShare()}};
  }

  /// The entry, or null.
  [[nodiscard]] KeyEntry<Data>* get() const noexcept { return entry_; }
  [[nodiscard]] KeyEntry<Data>& operator*() const noexcept { return *entry_; }
  [[nodiscard]] KeyEntry<Data>* operator->() const noexcept { return entry_; }
  [[nodiscard]] explicit operator bool() const noexcept { return entry_ != nullptr; }

 private:
  explicit EntryShare(KeyEntry<Data>* entry) noexcept : entry_(entry) {}

  KeyEntry<Data>* entry_ = nullptr;
};

}  // namespace selectors::detail
