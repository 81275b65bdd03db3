/// @file
/// What a selector keeps for one registered descriptor. Internal.
#pragma once

#include <selectors/facility.hpp>
#include <selectors/selector_key.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace selectors {

/// The data of a selector that keeps none.
struct Nothing {};

/// Ends data where it is: the first within its entry, each later one on the heap.
template <class Data>
struct EndData {
  bool within_entry;  ///< Its memory goes with the entry's.

  /// Ends it.
  void operator()(Data* data) const noexcept {
    if (within_entry)
      std::destroy_at(data);
    else
      std::default_delete<Data>()(data);
  }
};

/// Data that `modify` has replaced. If it was an entry's first, the entry must outlive it.
template <class Data>
using ReplacedData = std::unique_ptr<Data, EndData<Data>>;

template <class Data>
class EntryShare;

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
  ~KeyEntry() { const auto last = owning(data_); }

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

  /// Puts other data in its place.
  /// @return the old, apart, so that it can be replaced while it is being called.
  ReplacedData<Data> replace_data(std::unique_ptr<Data> data) noexcept {
    return owning(std::exchange(data_, data.release()));
  }

  /// The key as the outside sees it.
  [[nodiscard]] SelectorKey<Data> key(int fd) { return {fileobj, fd, events(), data()}; }

 private:
  static std::uint8_t as_byte(EventMask events) { return static_cast<std::uint8_t>(events.bits()); }

  friend class EntryShare<Data>;

  ReplacedData<Data> owning(Data* data) { return {data, {.within_entry = data == &first_}}; }

  std::uint8_t events_;  // a byte: so what is kept of an idle connection of lesson 06 is 16 bytes less
  Owner owner_;
  std::atomic<std::uint16_t> shares_ = 1;  // of EntryShare
  std::uint64_t registered_at_;
  Data* data_;
  union {
    Data first_;  ///< Ended by whom `data_` was handed to
  };
};

/// A share in an entry that was taken out of the bag: whoever gives up the last one ends it. A `std::shared_ptr` whose
/// count is in the entry, so that taking out allocates nothing. Shares may end in different threads.
template <class Data>
class EntryShare {
 public:
  /// The first share.
  explicit EntryShare(std::unique_ptr<KeyEntry<Data>> entry) noexcept : entry_(entry.release()) {}

  /// One more.
  EntryShare(const EntryShare& other) noexcept : entry_(other.entry_) {
    if (entry_ != nullptr) entry_->shares_.fetch_add(1, std::memory_order_relaxed);
  }

  /// Hands one on.
  EntryShare(EntryShare&& other) noexcept : entry_(std::exchange(other.entry_, nullptr)) {}

  EntryShare& operator=(const EntryShare&) = delete;
  EntryShare& operator=(EntryShare&&) = delete;

  ~EntryShare() {
    // A single share is nobody else's, and there is nothing to be settled with other threads.
    if (entry_ == nullptr || (entry_->shares_.load(std::memory_order_acquire) > 1 &&
                              entry_->shares_.fetch_sub(1, std::memory_order_acq_rel) > 1))
      return;
    std::default_delete<KeyEntry<Data>>()(entry_);
  }

  /// The entry, which is there for as long as this share.
  [[nodiscard]] KeyEntry<Data>& operator*() const noexcept { return *entry_; }

 private:
  KeyEntry<Data>* entry_;
};

/// What `unregister` gives back: the key, **now the owner** of its socket. Let it fall and the socket is closed.
template <class Data>
struct UnregisteredKey {
  Socket fileobj;         ///< The socket; empty where a plain number was only watched.
  int fd;                 ///< The descriptor's number.
  EventMask events;       ///< What it was registered for.
  EntryShare<Data> kept;  ///< Keeps `data` alive; shared with the batch if one is being walked.
  Data& data;             ///< What was registered beside it.
};

}  // namespace selectors
