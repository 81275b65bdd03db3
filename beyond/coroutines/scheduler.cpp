#include "scheduler.hpp"

#include <string>

using namespace selectors;

// A task that no other task waits for. It is counted as long as its frame exists, and it destroys the frame at its end.
struct Scheduler::Root {
  struct promise_type : Promise {
    // The compiler passes the arguments of the coroutine: the scheduler (`*this`) and the task.
    promise_type(Scheduler& own, Task<>&) {
      scheduler = &own;
      own.tasks_.insert(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    promise_type(const promise_type&) = delete;
    promise_type& operator=(const promise_type&) = delete;
    ~promise_type() { scheduler->tasks_.erase(std::coroutine_handle<promise_type>::from_promise(*this)); }

    static Root get_return_object() { return {}; }
    static std::suspend_never initial_suspend() noexcept { return {}; }
    static std::suspend_never final_suspend() noexcept { return {}; }
    static void return_void() {}
    void unhandled_exception() { scheduler->error_ = std::current_exception(); }
  };
};

Scheduler::Root Scheduler::own(Task<> task) {
  try {
    co_await task;
  } catch (const TimedOut&) {
    // its time is up; that is a normal end
  }
}

void Scheduler::start(Task<> task) {
  own(std::move(task));
  if (const auto error = std::exchange(error_, nullptr)) std::rethrow_exception(error);
}

//! [run]
std::size_t Scheduler::run() {
  while (!tasks_.empty()) {
    const auto now = Clock::now();
    if (stopping_ && now >= end_) break;
    for (const auto& [key, mask] : selector_.select(until_next(now))) wake(key, mask);
    // Resume only timers that were due before this select. A timer that ended the wait comes after the next select, so
    // that a socket that is ready by then comes first.
    while (!timers_.empty() && timers_.next().due <= now) {
      auto& wait = static_cast<Wait&>(timers_.next());
      resume(wait, wait.fd_ < 0 && !stopping_);
    }
  }
  return tasks_.size();
}
//! [run]

Timeout Scheduler::until_next(Clock::time_point now) const {
  Timeout until;
  if (stopping_) until = end_ - now;
  if (!timers_.empty() && (!stopping_ || timers_.next().due < end_)) until = timers_.next().due - now;
  return until;
}

//! [wake]
void Scheduler::wake(const SelectorKey<Waiting>& key, EventMask mask) {
  EventMask wanted;
  if (key.data.reader != nullptr) wanted |= EVENT_READ;
  if (key.data.writer != nullptr) wanted |= EVENT_WRITE;
  // A descriptor stays registered after its coroutine was resumed, which will probably wait for the same event again.
  // If it does not, the selector must not go on reporting an event that no task wants.
  if (!wanted)
    take_out(key.fd);
  else if ((mask & wanted) != mask)
    selector_.modify(key, wanted);
  if ((mask & EVENT_READ) && key.data.reader != nullptr) resume(*key.data.reader, true);
  if ((mask & EVENT_WRITE) && key.data.writer != nullptr) resume(*key.data.writer, true);
}
//! [wake]

void Scheduler::resume(Wait& wait, bool ready) {
  end(wait);
  wait.ready_ = ready;
  wait.suspended_.resume();
  if (const auto error = std::exchange(error_, nullptr)) std::rethrow_exception(error);
}

void Wait::begin(Scheduler& scheduler, std::coroutine_handle<> suspended) {
  suspended_ = suspended;
  scheduler_ = &scheduler;
  scheduler.begin(*this);
}

Wait::~Wait() {
  if (scheduler_ != nullptr) scheduler_->end(*this);
}

//! [begin]
void Scheduler::begin(Wait& wait) {
  if (stopping_ && !(wait.event_ & EVENT_WRITE))
    set_due(wait, Clock::now());
  else if (wait.limit_.length())
    set_due(wait, Clock::now() + *wait.limit_.length());
  if (wait.fd_ < 0) return;
  if (!selector_.get_map().contains(wait.fd_)) put_in(wait.fd_, wait.event_);
  auto& [reader, writer] = selector_.get_key(wait.fd_).data;
  Wait*& place = wait.event_ & EVENT_READ ? reader : writer;
  if (place != nullptr)
    throw ValueError("wait for descriptor " + std::to_string(wait.fd_) +
                     ": another task already waits for the same event");
  place = &wait;
  selector_.modify(wait.fd_,
                   (reader != nullptr ? EVENT_READ : EventMask()) | (writer != nullptr ? EVENT_WRITE : EventMask()));
}
//! [begin]

void Scheduler::end(Wait& wait) noexcept {
  wait.scheduler_ = nullptr;
  if (std::exchange(wait.timed_, false)) timers_.remove(wait);
  if (wait.fd_ < 0 || !selector_.get_map().contains(wait.fd_)) return;
  auto& [reader, writer] = selector_.get_key(wait.fd_).data;
  if (reader == &wait) reader = nullptr;
  if (writer == &wait) writer = nullptr;
}

void Scheduler::set_due(Wait& wait, Clock::time_point due) {
  if (std::exchange(wait.timed_, false)) timers_.remove(wait);
  wait.due = due;
  timers_.add(wait);
  wait.timed_ = true;
}

// For a plain number, the selector would have to ask the kernel now and then whether it is still the same file. So this
// lends it the number as a Socket, and detaches the Socket without closing it when the number is taken out. Watched
// makes sure that this happens in time.
void Scheduler::put_in(int fd, EventMask event) {
  auto lent = Socket::from_fileno(fd);
  try {
    selector_.register_(std::move(lent), event);
  } catch (...) {
    lent.detach();
    throw;
  }
}

void Scheduler::take_out(int fd) { selector_.unregister(fd).fileobj.detach(); }

void Scheduler::forget(int fd) noexcept {
  if (!selector_.get_map().contains(fd)) return;
  selector_.get_key(fd).data = {};
  take_out(fd);
}

//! [stop]
void Scheduler::stop(const Timeout& grace) {
  stopping_ = true;
  const auto now = Clock::now();
  end_ = grace.length() ? now + *grace.length() : Clock::time_point::max();
  for (const auto& key : selector_.get_map())
    if (key.data.reader != nullptr) set_due(*key.data.reader, now);
  for (Timer* const timer : std::vector(timers_.all()))  // copied, because set_due changes the order
    if (auto& wait = static_cast<Wait&>(*timer); wait.fd_ < 0) set_due(wait, now);
}
//! [stop]

Scheduler::~Scheduler() {
  while (!tasks_.empty()) tasks_.begin()->destroy();
  for (const auto& key : selector_.get_map()) take_out(key.fd);  // they are lent, so they must not be closed here
}
