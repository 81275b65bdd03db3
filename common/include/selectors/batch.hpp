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
  Batch(const KeyTable<Data>& table, Retired<Data>& retired, const std::uint64_t& turn, std::span<const Event> events)
      : table_(table), retired_(retired), current_turn_(turn), turn_(turn), events_(events) {
    retired_.begin();
    first_ = next_deliverable(0);
  }

  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;
  ~Batch() { retired_.end(); }

  /// Walks what is ready.
  class iterator {
   public:
    using value_type = Ready<Data>;                     ///< A key and its mask, by value.
    using difference_type = std::ptrdiff_t;             ///< Required of an iterator.
    using iterator_category = std::input_iterator_tag;  ///< Single pass.

    /// Stands at one event.
    iterator(const Batch& batch, std::size_t position) : batch_(&batch), position_(position) {}

    /// What is ready here.
    [[nodiscard]] Ready<Data> operator*() const { return batch_->ready(position_); }

    /// On to the next event that still concerns somebody.
    iterator& operator++() {
      position_ = batch_->next_deliverable(position_ + 1);
      return *this;
    }

    /// True when nothing is left.
    [[nodiscard]] bool operator==(std::default_sentinel_t) const { return position_ >= batch_->events_.size(); }

   private:
    const Batch* batch_;
    std::size_t position_;
  };

  /// True if nothing was ready before the time had passed.
  [[nodiscard]] bool empty() const { return first_ >= events_.size(); }

  /// The first thing that is ready.
  [[nodiscard]] iterator begin() const { return iterator(*this, next_deliverable(first_)); }

  /// The end of the walk.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  [[nodiscard]] Ready<Data> ready(std::size_t position) const {
    KeyEntry<Data>& entry = *table_.at(events_[position].fd);
    return {entry.key(), events_[position].mask & entry.events};
  }

  [[nodiscard]] std::size_t next_deliverable(std::size_t position) const {
    if (current_turn_ != turn_) return events_.size();  // a later select has reused the memory of these events
    while (position < events_.size() && !table_.deliverable(events_[position], turn_)) ++position;
    return position;
  }

  const KeyTable<Data>& table_;
  Retired<Data>& retired_;
  const std::uint64_t& current_turn_;
  std::uint64_t turn_;
  std::span<const Event> events_;
  std::size_t first_ = 0;
};

}  // namespace selectors
