/// @file
/// A connection to Redis that reconnects when it is lost.
#pragma once

#include "redis_adapter.hpp"

#include <selectors/address.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// Returns where Redis listens, from the option `--redis`: `HOST:PORT`, or the path of its socket. It looks up the
/// host, so call it before the loop.
/// @throws std::invalid_argument if the option is missing or is neither; std::system_error if the host is not known.
[[nodiscard]] selectors::Address redis_address(const std::map<std::string, std::string>& options);

/// A connection to Redis that reconnects when it is lost, after a pause that grows. **It owns the connection.**
class RedisLink {
 public:
  using Clock = std::chrono::steady_clock;
  using OnReply = std::function<void(const redisReply&)>;

  /// Makes a link that is not connected yet. The selector must outlive it.
  RedisLink(Selector& selector, selectors::Address where) : adapter_(selector), where_(std::move(where)) {}

  /// Connects if there is no connection and the pause is over. Call it after each walk of the loop.
  /// @return true if there is a new connection, on which nothing has been sent yet.
  bool connect();

  /// Sends a command; does nothing if the connection is down. The reply goes to `on_reply`, which must not throw,
  /// because hiredis calls it. An error from Redis ends the connection. Commands that a lost connection has not
  /// answered are dropped.
  void send(const std::vector<std::string_view>& command, OnReply on_reply);

  /// Returns true while commands can be sent.
  [[nodiscard]] bool is_up() const { return adapter_.context() != nullptr && trouble_.empty(); }

  /// Returns true once Redis has answered on this connection.
  [[nodiscard]] bool has_answered() const { return is_up() && failures_ == 0; }

  /// Returns when `connect` will try again; nothing while the connection is up.
  [[nodiscard]] std::optional<Clock::time_point> next_attempt() const;

  /// Returns why the last connection was lost.
  [[nodiscard]] const std::string& last_trouble() const { return last_trouble_; }

 private:
  void take(const redisReply& reply);
  void lose(std::string why);

  RedisAdapter adapter_;
  selectors::Address where_;
  std::deque<OnReply> awaited_ = {};  // Redis answers in the order of the questions
  std::string trouble_ = {};          // the error of Redis: this connection cannot be used any more
  std::string last_trouble_ = {};
  int failures_ = 0;  // since Redis last answered
  bool lost_ = true;  // true if lost, and the pause has been chosen
  Clock::time_point pause_ends_ = {};
  std::mt19937 random_{std::random_device{}()};
};
