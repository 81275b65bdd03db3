/// @file
/// What one `select` found ready.
#pragma once

#include <selectors/facility.hpp>
#include <selectors/key_table.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

namespace selectors {

/// What one `select` found ready, to be walked once: `for (const auto& [key, mask] : selector.select())`.
///
/// Each event is looked up when the walk comes to it, so that what earlier callbacks of the same walk removed, closed
/// or turned away is passed over. It owns nothing, and must not outlive its selector.
template <class Data>
class Batch {
 public:
  /// Made by `select`.
  Batch(SelectorState<Data>& state, std::span<const Event> events) : state_(state), turn_(state.turn), events_(events) {
    state_.retired.begin();
  }

  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() {
    if (state_.busy_loop) state_.busy_loop->end_walk();
    state_.retired.end();
  }

  /// Walks what is ready.
  class iterator {
   public:
    using value_type = Ready<Data>;                     ///< A key and its mask, by value.
    using difference_type = std::ptrdiff_t;             ///< Required of an iterator.
    using iterator_category = std::input_iterator_tag;  ///< Single pass.

    /// Stands at the first event from a position on that still concerns somebody.
    iterator(const Batch& batch, std::size_t position) : batch_(&batch), position_(position) { settle(); }

    /// What is ready here. The key stays valid until the walk has ended, even if it is unregistered meanwhile.
    [[nodiscard]] Ready<Data> operator*() const { return {entry_->key(batch_->events_[position_].fd), mask_}; }

    /// On to the next event that still concerns somebody.
    iterator& operator++() {
      ++position_;
      settle();
      return *this;
    }

    /// True when nothing is left.
    [[nodiscard]] bool operator==(std::default_sentinel_t) const { return entry_ == nullptr; }

   private:
    void settle() {
      entry_ = batch_->find(position_);
      if (entry_ != nullptr) mask_ = batch_->events_[position_].mask & entry_->events();
    }

    const Batch* batch_;
    std::size_t position_;
    KeyEntry<Data>* entry_ = nullptr;
    EventMask mask_;
  };

  /// True if nothing was ready before the time had passed.
  [[nodiscard]] bool empty() const { return events_.empty(); }

  /// The first thing that is ready.
  [[nodiscard]] iterator begin() const { return iterator(*this, 0); }

  /// The end of the walk.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  /// The entry of the first deliverable event from `position` on, which moves there; or null.
  KeyEntry<Data>* find(std::size_t& position) const {
    if (state_.turn != turn_) return nullptr;  // a later select, or close, has taken the memory of these events
    for (; position < events_.size(); ++position, ++state_.counters.stale)
      if (auto* const entry = state_.table.find_deliverable(events_[position], turn_)) return entry;
    return nullptr;
  }

  SelectorState<Data>& state_;
  std::uint64_t turn_;
  std::span<const Event> events_;
};

}  // namespace selectors
