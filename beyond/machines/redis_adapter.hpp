/// @file
/// Puts a connection of hiredis, which brings a socket of its own, into the bag beside all the others.
#pragma once

#include <selectors/selectors.hpp>

#include <hiredis/async.h>

#include <functional>
#include <string>

/// What the bag keeps beside each descriptor.
using Callback = std::function<void(selectors::Socket&, selectors::EventMask)>;

/// The bag.
using Selector = selectors::DefaultSelector<Callback>;

/// Between hiredis and a selector. hiredis owns its socket, so the bag only watches the number. **It owns the context**
/// until hiredis frees it, which hiredis does by itself when the connection ends.
class RedisAdapter {
 public:
  explicit RedisAdapter(Selector& selector) : selector_(selector) {}
  RedisAdapter(const RedisAdapter&) = delete;
  RedisAdapter& operator=(const RedisAdapter&) = delete;
  ~RedisAdapter() { close(); }

  /// The connection; null once it has ended.
  [[nodiscard]] redisAsyncContext* context() const { return context_; }

  /// Why the last connection has ended, in hiredis' words; empty if we ended it.
  [[nodiscard]] const std::string& reason() const { return reason_; }

  /// Ends the connection. Not to be called within a callback of hiredis.
  void close() {
    if (context_ != nullptr) redisAsyncFree(context_);
  }

  //! [attach]
  // From now on hiredis says what it waits for, by calling these hooks, and the bag says when it has come.
  void attach(redisAsyncContext* context) {
    context_ = context;
    context->ev.data = this;
    context->ev.addRead = [](void* self) noexcept { of(self).want(of(self).wanted_ | selectors::EVENT_READ); };
    context->ev.delRead = [](void* self) noexcept { of(self).want(of(self).wanted_ & selectors::EVENT_WRITE); };
    context->ev.addWrite = [](void* self) noexcept { of(self).want(of(self).wanted_ | selectors::EVENT_WRITE); };
    context->ev.delWrite = [](void* self) noexcept { of(self).want(of(self).wanted_ & selectors::EVENT_READ); };
    context->ev.cleanup = [](void* self) noexcept { of(self).forget(); };
    want(selectors::EVENT_WRITE);  // it can be written to once it is connected
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
  // `want` is likely to fail, and `attach` is called by C++.
  static RedisAdapter& of(void* self) { return *static_cast<RedisAdapter*>(self); }

  Selector& selector_;
  redisAsyncContext* context_ = nullptr;
  selectors::EventMask wanted_;
  std::string reason_;
};
