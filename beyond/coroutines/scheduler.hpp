/// @file
/// Runs coroutines: resumes each one when what it waits for has happened. Only one thread at a time may use it.
#pragma once

#include "task.hpp"
#include "timer_heap.hpp"

#include <selectors/selectors.hpp>

#include <set>
#include <stdexcept>

/// Thrown when a wait has reached its limit, or the scheduler stops. A task that does not catch it ends.
class TimedOut : public std::runtime_error {
 public:
  TimedOut() : std::runtime_error("the time limit of a wait has passed") {}
};

/// A coroutine's wait for a descriptor, for a point in time, or for whichever comes first. The coroutine's frame owns
/// it.
class Wait : Timer {
 public:
  Wait(int fd, selectors::EventMask event, const selectors::Timeout& limit) : fd_(fd), event_(event), limit_(limit) {}
  Wait(const Wait&) = delete;
  Wait& operator=(const Wait&) = delete;
  ~Wait();

  static bool await_ready() { return false; }
  template <class Own>
  void await_suspend(std::coroutine_handle<Own> suspended) {
    begin(*suspended.promise().scheduler, suspended);
  }
  void await_resume() const {
    if (!ready_) throw TimedOut();
  }

 private:
  friend class Scheduler;
  void begin(Scheduler& scheduler, std::coroutine_handle<> suspended);

  int fd_;  // or -1: it waits only for a point in time
  selectors::EventMask event_;
  selectors::Timeout limit_;
  Scheduler* scheduler_ = nullptr;  // while it waits
  std::coroutine_handle<> suspended_;
  bool timed_ = false;  // true if it is in the heap
  bool ready_ = false;
};

/// A socket, or anything else that owns a descriptor, that coroutines can wait for. Before it closes the descriptor, it
/// takes it out of the scheduler's selector.
template <class Owner>
class Watched : public Owner {
 public:
  /// @param scheduler must live longer.
  /// @param owner the arguments that construct the owner, for instance a socket to be moved in.
  template <class... Arguments>
  explicit Watched(Scheduler& scheduler, Arguments&&... owner)
      : Owner(std::forward<Arguments>(owner)...), scheduler_(&scheduler) {}
  Watched(Watched&& other) noexcept = default;
  Watched& operator=(Watched&&) = delete;
  ~Watched();

 private:
  Scheduler* scheduler_;
};

/// Waits until there is something to read: `co_await readable(conn, 5min)`.
/// @param watched what to wait for; only one task at a time may wait to read from it.
/// @param limit how long to wait; by default forever.
/// @throws TimedOut if the time has passed first. When the scheduler stops, the limit becomes 0.
template <class Owner>
Wait readable(const Watched<Owner>& watched, const selectors::Timeout& limit = {}) {
  return {watched.fileno(), selectors::EVENT_READ, limit};
}

/// Waits until there is room to write, as `readable` does, but goes on when the scheduler stops.
template <class Owner>
Wait writable(const Watched<Owner>& watched, const selectors::Timeout& limit = {}) {
  return {watched.fileno(), selectors::EVENT_WRITE, limit};
}

/// Waits for this long: `co_await sleep(5s)`.
/// @throws TimedOut when the scheduler stops.
inline Wait sleep(const selectors::Timeout& time) { return {-1, {}, time}; }

/// The loop: one selector, one heap of timers, and in each key the waits for that descriptor.
class Scheduler {
 public:
  Scheduler() = default;
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  /// Destroys the tasks that have not ended, and everything that they own.
  ~Scheduler();

  /// Runs a task until it waits for the first time. The scheduler owns the task.
  /// @throws what the task throws until then.
  void start(Task<> task);

  /// Runs until every task has ended, or the time given to `stop` has passed.
  /// @return how many tasks have not ended.
  /// @throws what a task throws; this ends the run.
  std::size_t run();

  /// Ends all waits to read and all sleeps, now and from now on. Data that has arrived is still read, and a task
  /// that has something to write still writes it.
  /// @param grace how long the tasks may take to end.
  void stop(const selectors::Timeout& grace);

  /// Takes a descriptor out of the selector. Watched calls this before it closes the descriptor.
  void forget(int fd) noexcept;

 private:
  friend class Wait;
  struct Waiting {
    Wait* reader = nullptr;
    Wait* writer = nullptr;
  };
  struct Root;

  Root own(Task<> task);
  void begin(Wait& wait);
  void end(Wait& wait) noexcept;
  void put_in(int fd, selectors::EventMask event);
  void take_out(int fd);
  void set_due(Wait& wait, Clock::time_point due);
  void wake(const selectors::SelectorKey<Waiting>& key, selectors::EventMask mask);
  void resume(Wait& wait, bool ready);
  [[nodiscard]] selectors::Timeout until_next(Clock::time_point now) const;

  selectors::DefaultSelector<Waiting> selector_;
  TimerHeap timers_;
  std::set<std::coroutine_handle<>> tasks_;
  std::exception_ptr error_;
  bool stopping_ = false;
  Clock::time_point end_;
};

template <class Owner>
Watched<Owner>::~Watched() {
  if (this->fileno() >= 0) scheduler_->forget(this->fileno());
}
