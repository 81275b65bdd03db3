/// @file
/// What all nodes say, in one order: a Redis stream, appended to on one connection and read on another.
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

/// The end of a stream that a node holds. Everything said on any node, on this one too, comes back out of it, each
/// message once and in the order in which Redis has it.
class Stream {
 public:
  /// What is said, and who said it: a number of this node's, or 0 if it was said elsewhere.
  using Heard = std::function<void(std::string_view text, std::uint64_t speaker)>;

  /// Starts to connect, and hears what is said from now on.
  /// @param selector must outlive this object.
  Stream(Selector& selector, const selectors::Address& redis, Heard heard);

  /// Appends a message, when Redis is there. It is kept until Redis has acknowledged it.
  /// @param speaker a number other than 0, for `Heard`.
  void say(std::string_view text, std::uint64_t speaker);

  /// Says what is kept, and has no room for more; ends when Redis has acknowledged it, or when the time is over.
  void finish(std::chrono::milliseconds time);

  /// True when that has come.
  [[nodiscard]] bool has_finished() const;

  /// False while too much is kept: then nothing more should be said.
  [[nodiscard]] bool has_room() const { return has_room_ && !last_moment_; }

  /// True once Redis has acknowledged all that was said.
  [[nodiscard]] bool has_said_all() const { return said_.empty(); }

  /// Hands what has come to `heard`, and connects again where that is due. To be called after each walk of the loop.
  void turn();

  /// How long the loop may wait before the next `turn`.
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
  std::string node_;  // this process, and no other
  std::string where_;
  RedisLink reader_;
  RedisLink writer_;
  std::string position_ = {};  // the last entry that was read; empty until the end of the stream is known
  std::vector<Entry> entries_ = {};
  std::uint64_t own_last_read_ = 0;                    // this node's last message that came back
  std::map<std::string, std::uint64_t> last_of_ = {};  // each node's last message
  std::deque<Said> said_ = {};                         // and not acknowledged
  std::size_t sent_ = 0;                               // so many of these, on the connection that there is
  std::uint64_t count_ = 0;
  std::size_t bytes_ = 0;
  std::string script_ = {};  // its name in Redis, once it is loaded
  bool has_room_ = true;
  bool is_asking_ = false;
  bool told_ = false;
  std::optional<RedisLink::Clock::time_point> last_moment_ = {};
};
