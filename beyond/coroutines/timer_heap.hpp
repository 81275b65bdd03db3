/// @file
/// The points in time that tasks wait for, the next one in front.
#pragma once

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

using Clock = std::chrono::steady_clock;

/// A point in time. The wait for it owns it, and must not move it until it is removed from the heap.
struct Timer {
  Clock::time_point due;
  std::size_t place = 0;  // in the heap
};

/// A binary heap: each timer is due no earlier than the one above it, which is at half its place. Each timer knows its
/// place, so a timer that is no longer needed can be removed at once, in as many steps as the heap has levels.
class TimerHeap {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] Timer& next() const { return *heap_.front(); }
  [[nodiscard]] const std::vector<Timer*>& all() const { return heap_; }

  void add(Timer& timer) {
    heap_.push_back(&timer);
    rise(heap_.size() - 1, timer);
  }

  void remove(const Timer& timer) {
    const std::size_t hole = timer.place;
    Timer& last = *heap_.back();
    heap_.pop_back();
    if (&last == &timer) return;
    rise(hole, last);
    sink(last.place, last);
  }

 private:
  void put(std::size_t place, Timer& timer) {
    heap_[place] = &timer;
    timer.place = place;
  }

  void rise(std::size_t place, Timer& timer) {
    for (; place > 0 && timer.due < heap_[(place - 1) / 2]->due; place = (place - 1) / 2)
      put(place, *heap_[(place - 1) / 2]);
    put(place, timer);
  }

  void sink(std::size_t place, Timer& timer) {
    while (2 * place + 1 < heap_.size()) {
      std::size_t below = 2 * place + 1;
      if (below + 1 < heap_.size() && heap_[below + 1]->due < heap_[below]->due) ++below;
      if (!(heap_[below]->due < timer.due)) break;
      put(place, *heap_[below]);
      place = below;
    }
    put(place, timer);
  }

  std::vector<Timer*> heap_;
};
