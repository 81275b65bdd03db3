/// @file
/// What a coroutine returns: a task, which others wait for with `co_await`.
#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

class Scheduler;

/// What every task's promise has. The compiler keeps it in the coroutine's frame, beside its variables.
struct Promise {
  Scheduler* scheduler = nullptr;  // on which it waits: its caller's
  std::coroutine_handle<> caller;  // goes on when this one has ended
  std::exception_ptr error;        // what it threw, for its caller

  // A task does nothing until somebody waits for it: then it knows its scheduler.
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

/// A coroutine that has not begun, or is suspended, or has ended. It owns the coroutine's frame: when the task is
/// destroyed, so are the variables of the coroutine, wherever it was.
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

  /// `co_await task`: the caller is suspended, and the task runs until it has ended; then the caller goes on.
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
