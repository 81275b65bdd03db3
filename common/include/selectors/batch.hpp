/// @file
/// The events that one `select` returns.
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
/// Each event is looked up when the walk comes to it. So an event is skipped if its key was unregistered or closed
/// earlier in the same walk, or no longer asks for it. A Batch owns nothing and must not outlive its selector.
template <class Data>
class Batch {
 public:
  /// @cond
  /// `select` makes it.
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

    /// Starts at the first event, from this one on, whose key still asks for it.
    iterator(const Batch& batch, const Event* event) : batch_(&batch), event_(event) { settle(); }

    /// Returns the key and the mask here. The key stays valid until the walk ends, even if it is unregistered
    /// meanwhile.
    [[nodiscard]] Ready<Data> operator*() const { return {entry_->key(event_->fd), mask_}; }

    /// Moves to the next event whose key still asks for it.
    iterator& operator++() {
      ++event_;
      settle();
      return *this;
    }

    /// Returns true if no event is left.
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

  /// Returns true if the time passed before anything was ready.
  [[nodiscard]] bool empty() const { return events_.empty(); }

  /// Starts the walk at the first ready descriptor.
  [[nodiscard]] iterator begin() const { return iterator(*this, events_.data()); }

  /// Returns the end of the walk.
  [[nodiscard]] std::default_sentinel_t end() const { return {}; }

 private:
  /// Moves `event` to the first deliverable event from there on, and returns its entry; or null if there is none.
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
