/// @file
/// What one `select` found ready.
#pragma once

#include <selectors/detail/selector_state.hpp>
#include <selectors/facility.hpp>

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
  /// @cond
  /// Made by `select`.
  Batch(detail::SelectorState<Data>& state, std::span<const Event> events)
      : state_(state), selected_at_(state.latest_select), events_(events) {
    state_.retired.begin();
  }
  /// @endcond

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

    /// Stands at the first event, from one on, that still concerns somebody.
    iterator(const Batch& batch, const Event* event) : batch_(&batch), event_(event) { settle(); }

    /// What is ready here. The key stays valid until the walk has ended, even if it is unregistered meanwhile.
    [[nodiscard]] Ready<Data> operator*() const { return {entry_->key(event_->fd), mask_}; }

    /// On to the next event that still concerns somebody.
    iterator& operator++() {
      ++event_;
      settle();
      return *this;
    }

    /// True when nothing is left.
    [[nodiscard]] bool operator==(std::default_sentinel_t) const { return entry_ == nullptr; }

   private:
    void settle() {
      entry_ = batch_->find(event_);
      if (entry_ != nullptr) mask_ = event_->mask & entry_->events();
    }

    const Batch* batch_;
    const Event* event_;
    detail::KeyEntry<Data>* entry_ = nullptr;
    EventMask mask_;
  };

  /// True if nothing was ready before the time had passed.
  [[nodiscard]] bool empty() const { return events_.empty(); }

  /// The first thing that is ready.
  [[nodiscard]] iterator begin() const { return iterator(*this, events_.data()); }

  /// The end of the walk.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  /// The entry of the first deliverable event from one on, to which `event` moves; or null.
  detail::KeyEntry<Data>* find(const Event*& event) const {
    const Event* const end = events_.data() + events_.size();
    if (event == end) return nullptr;
    if (state_.now == selected_at_)  // nearly always
      if (auto* const entry = state_.table.find_asking(*event)) return entry;
    event = state_.search({event, end}, selected_at_);
    return event == end ? nullptr : state_.table.at(event->fd);
  }

  detail::SelectorState<Data>& state_;
  std::uint64_t selected_at_;
  std::span<const Event> events_;
};

}  // namespace selectors
