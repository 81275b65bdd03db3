/// @file
/// Everything that is said on any node, in one order: a Redis stream, which is appended to on one connection and read
/// on another.
#pragma once

#include "redis_link.hpp"

#include <selectors/facility.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A node's end of the stream. Everything that is said on any node, including this one, comes back out of it, each
/// message once and in the order in which Redis has it.
class Stream {
 public:
  /// Receives a text and its speaker: a number of this node, or 0 if it was said elsewhere.
  using Heard = std::function<void(std::string_view text, std::uint64_t speaker)>;

  /// Starts to connect, and receives what is said from now on.
  /// @param selector must outlive this object.
  Stream(Selector& selector, const selectors::Address& redis, Heard heard);

  /// Appends a message as soon as Redis is connected. The message is kept until Redis has acknowledged it.
  /// @param speaker a number other than 0, which `Heard` receives.
  void say(std::string_view text, std::uint64_t speaker);

  /// Sends the messages that are kept, and accepts no more. It has finished when Redis has acknowledged all of them, or
  /// when the time is over.
  void finish(std::chrono::milliseconds time);

  /// Returns true when it has finished.
  [[nodiscard]] bool has_finished() const;

  /// Returns false while too much is kept: then nothing more should be said.
  [[nodiscard]] bool has_room() const { return has_room_ && !last_moment_; }

  /// Returns true once Redis has acknowledged everything that was said.
  [[nodiscard]] bool has_said_all() const { return said_.empty(); }

  /// Passes what has come to `heard`, and reconnects if that is due. Call it after each walk of the loop.
  void turn();

  /// Returns how long the loop may wait before the next `turn`.
  [[nodiscard]] selectors::Timeout patience() const;

 private:
  struct Said {
    std::uint64_t number;  // 1, 2, 3 …
    std::uint64_t speaker;
    std::string text;
  };

  struct Entry {
    std::string node;
    std::uint64_t number = 0;
    std::uint64_t speaker = 0;
    std::string text;
  };

  void find_position();
  void ask();
  void append_rest();
  void append(const Said& said);
  void acknowledge();
  void note(const redisReply& entries);
  void hand_over();
  bool is_new(const Entry& entry);
  void tell_how_redis_is();

  Heard heard_;
  std::string node_;  // unique: no other process has this name
  std::string where_;
  RedisLink reader_;
  RedisLink writer_;
  std::string position_ = {};  // the last entry that was read; empty until the end of the stream is known
  std::vector<Entry> entries_ = {};
  std::uint64_t own_last_read_ = 0;                    // the number of this node's last message that came back
  std::map<std::string, std::uint64_t> last_of_ = {};  // the number of each node's last message
  std::deque<Said> said_ = {};                         // the messages that are not acknowledged yet
  std::size_t sent_ = 0;                               // how many of them were sent on the present connection
  std::uint64_t count_ = 0;
  std::size_t bytes_ = 0;
  std::string script_ = {};  // its name in Redis, once it is loaded
  bool has_room_ = true;
  bool is_asking_ = false;
  bool told_ = false;
  std::optional<RedisLink::Clock::time_point> last_moment_ = {};
};
