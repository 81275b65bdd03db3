/// @file
/// Puts a connection of hiredis, which has its own socket, into the selector beside all the others.
#pragma once

#include <selectors/selectors.hpp>

#include <hiredis/async.h>

#include <functional>
#include <string>

/// What the selector keeps with each descriptor.
using Callback = std::function<void(selectors::Socket&, selectors::EventMask)>;

/// The selector.
using Selector = selectors::DefaultSelector<Callback>;

/// Connects hiredis with a selector. hiredis owns its socket, so the selector only watches the number. **This object
/// owns the context** until hiredis frees it, which hiredis does itself when the connection ends.
class RedisAdapter {
 public:
  explicit RedisAdapter(Selector& selector) : selector_(selector) {}
  RedisAdapter(const RedisAdapter&) = delete;
  RedisAdapter& operator=(const RedisAdapter&) = delete;
  ~RedisAdapter() { close(); }

  /// Returns the connection; null once it has ended.
  [[nodiscard]] redisAsyncContext* context() const { return context_; }

  /// Returns why the last connection ended, in the words of hiredis; empty if we ended it.
  [[nodiscard]] const std::string& reason() const { return reason_; }

  /// Ends the connection. Must not be called within a callback of hiredis.
  void close() {
    if (context_ != nullptr) redisAsyncFree(context_);
  }

  //! [attach]
  // From now on hiredis calls these hooks to say what it waits for, and the selector reports when that is ready.
  void attach(redisAsyncContext* context) {
    context_ = context;
    context->ev.data = this;
    context->ev.addRead = [](void* self) noexcept { of(self).want(of(self).wanted_ | selectors::EVENT_READ); };
    context->ev.delRead = [](void* self) noexcept { of(self).want(of(self).wanted_ & selectors::EVENT_WRITE); };
    context->ev.addWrite = [](void* self) noexcept { of(self).want(of(self).wanted_ | selectors::EVENT_WRITE); };
    context->ev.delWrite = [](void* self) noexcept { of(self).want(of(self).wanted_ & selectors::EVENT_READ); };
    context->ev.cleanup = [](void* self) noexcept { of(self).forget(); };
    want(selectors::EVENT_WRITE);  // it is writable once it is connected
  }

 private:
  void want(selectors::EventMask events) {
    if (events == wanted_) return;
    const int fd = context_->c.fd;
    if (!wanted_)
      selector_.register_(fd, events, [this](selectors::Socket&, selectors::EventMask mask) { handle(mask); });
    else if (!events)
      selector_.unregister(fd);
    else
      selector_.modify(fd, events);
    wanted_ = events;
  }

  void handle(selectors::EventMask mask) const {
    if (mask & selectors::EVENT_WRITE) redisAsyncHandleWrite(context_);
    if (context_ != nullptr && mask & selectors::EVENT_READ) redisAsyncHandleRead(context_);  // it may be freed by now
  }
  //! [attach]
  void forget() {
    want({});
    reason_ = context_->c.errstr;
    context_ = nullptr;
  }

  // hiredis is written in C, and no exception may pass through it: a hook that throws ends the program. Only the first
  // `want` is likely to fail, and it is called by `attach`, which C++ code calls.
  static RedisAdapter& of(void* self) { return *static_cast<RedisAdapter*>(self); }

  Selector& selector_;
  redisAsyncContext* context_ = nullptr;
  selectors::EventMask wanted_;
  std::string reason_;
};
