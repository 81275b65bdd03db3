/// @file
/// Task: what a coroutine returns, and what other coroutines wait for with `co_await`.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

class Scheduler;

/// The part of the promise that all tasks share. The compiler keeps it in the coroutine's frame, beside its variables.
struct Promise {
  Scheduler* scheduler = nullptr;  // the one it waits on: its caller's
  std::coroutine_handle<> caller;  // resumed when this one has ended
  std::exception_ptr error;        // what it threw, for its caller

  // A task does nothing until another one waits for it: only then does it know its scheduler.
  static std::suspend_always initial_suspend() noexcept { return {}; }

  struct BackToCaller {
    static bool await_ready() noexcept { return false; }
    template <class Own>
    static std::coroutine_handle<> await_suspend(std::coroutine_handle<Own> ended) noexcept {
      return ended.promise().caller;
    }
    static void await_resume() noexcept {}
  };
  static BackToCaller final_suspend() noexcept { return {}; }

  void unhandled_exception() { error = std::current_exception(); }
};

template <class Value>
struct PromiseOf : Promise {
  std::optional<Value> value;
  void return_value(Value returned) { value = std::move(returned); }
  Value take() { return std::move(*value); }
};

template <>
struct PromiseOf<void> : Promise {
  static void return_void() {}
  static void take() {}
};

/// A coroutine that has not begun, is suspended, or has ended. It owns the coroutine's frame: destroying the task
/// destroys the coroutine's variables, wherever it was.
template <class Value = void>
class [[nodiscard]] Task {
 public:
  struct promise_type : PromiseOf<Value> {
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
  };

  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }

  /// `co_await task`: suspends the caller and runs the task until it has ended. Then the caller goes on.
  static bool await_ready() noexcept { return false; }
  template <class Caller>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<Caller> caller) noexcept {
    frame_.promise().scheduler = caller.promise().scheduler;
    frame_.promise().caller = caller;
    return frame_;
  }
  /// @throws what the task threw.
  Value await_resume() {
    if (frame_.promise().error) std::rethrow_exception(frame_.promise().error);
    return frame_.promise().take();
  }

 private:
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}

  std::coroutine_handle<promise_type> frame_;
};
