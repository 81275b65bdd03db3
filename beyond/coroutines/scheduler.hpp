/// @file
/// What runs coroutines: it resumes each one when what it waits for has come. One thread at a time.
#pragma once

#include "task.hpp"
#include "timer_heap.hpp"

#include <selectors/selectors.hpp>

#include <set>
#include <stdexcept>

/// The time for a wait has passed: its limit, or the scheduler stops. A task that does not catch it ends.
class TimedOut : public std::runtime_error {
 public:
  TimedOut() : std::runtime_error("the time to wait has passed") {}
};

/// A coroutine's wait for a descriptor, for a moment, or for whichever comes first. It lives in the coroutine's frame,
/// and ends with it.
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

  int fd_;  // or -1, for a moment only
  selectors::EventMask event_;
  selectors::Timeout limit_;
  Scheduler* scheduler_ = nullptr;  // while it waits
  std::coroutine_handle<> suspended_;
  bool timed_ = false;  // it is in the heap
  bool ready_ = false;
};

/// A socket, or anything else that owns a descriptor, for coroutines to wait for. Before it closes the descriptor, it
/// takes it out of the scheduler's selector.
template <class Owner>
class Watched : public Owner {
 public:
  /// @param scheduler must live longer.
  /// @param owner what makes the owner: a socket to move in, or the arguments of its constructor.
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
/// @param watched what is waited for; one task at a time waits to read from it.
/// @param limit how long, for ever unless told otherwise.
/// @throws TimedOut if the time has passed first. While the scheduler stops, no time is left.
template <class Owner>
Wait readable(const Watched<Owner>& watched, const selectors::Timeout& limit = {}) {
  return {watched.fileno(), selectors::EVENT_READ, limit};
}

/// Waits until there is room to write, as `readable`; stopping leaves it its time.
template <class Owner>
Wait writable(const Watched<Owner>& watched, const selectors::Timeout& limit = {}) {
  return {watched.fileno(), selectors::EVENT_WRITE, limit};
}

/// Waits so long: `co_await sleep(5s)`.
/// @throws TimedOut when the scheduler stops.
inline Wait sleep(const selectors::Timeout& time) { return {-1, {}, time}; }

/// The loop: one selector, one heap of timers, and in each key who waits for the descriptor.
class Scheduler {
 public:
  Scheduler() = default;
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;
  /// Destroys the tasks that have not ended, and with them what they own.
  ~Scheduler();

  /// Runs a task until it waits for the first time; from then on it is the scheduler's.
  /// @throws what the task throws until then.
  void start(Task<> task);

  /// Runs until every task has ended, or the time that `stop` gave has passed.
  /// @return how many tasks have not ended.
  /// @throws what a task throws, which ends the run.
  std::size_t run();

  /// From now on nobody waits to read, or sleeps, any longer: what has come already is still read, and what a task has
  /// to write it still writes.
  /// @param grace how long the tasks may take to end.
  void stop(const selectors::Timeout& grace);

  /// Takes a descriptor out of the selector. Watched calls it before it closes one.
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
