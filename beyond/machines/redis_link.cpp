#include "redis_link.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <new>
#include <stdexcept>
#include <utility>

using namespace std::chrono_literals;
using selectors::Address;
using selectors::Family;
using selectors::Socket;

namespace {

constexpr auto shortest_limit = 20ms;
constexpr auto longest_limit = 2000ms;

// Makes sure that a machine that has vanished is noticed within half a minute. If an option cannot be set, the
// connection has already failed, and reports that itself.
void notice_silence(int fd) {
  Socket lent = Socket::from_fileno(fd);
  try {
    lent.set_keep_alive(15s, 5s, 3);
    lent.set_user_timeout(30s);
  } catch (const std::system_error&) {
  }
  lent.detach();
}

}  // namespace

Address redis_address(const std::map<std::string, std::string>& options) {
  const auto option = options.find("--redis");
  if (option == options.end()) throw std::invalid_argument("--redis WHERE is missing");
  const std::string& where = option->second;
  const std::string mistake = "--redis '" + where + "': must be HOST:PORT or the path of a socket";
  const auto colon = where.rfind(':');
  if (where.empty()) throw std::invalid_argument(mistake);
  if (colon == std::string::npos || where.find('/') != std::string::npos) return Address::unix_domain(where);
  std::string host = where.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const auto* const end = where.data() + where.size();
  const auto [stop, error] = std::from_chars(where.data() + colon + 1, end, port);
  if (host.empty() || error != std::errc() || stop != end || port == 0) throw std::invalid_argument(mistake);
  return {host, port};
}

//! [connect]
bool RedisLink::connect() {
  if (!trouble_.empty()) lose(std::exchange(trouble_, {}));
  if (adapter_.context() != nullptr) return false;
  if (!lost_) lose(adapter_.reason());
  if (Clock::now() < pause_ends_) return false;
  lost_ = false;
  ++failures_;  // set back when Redis answers
  awaited_.clear();
  const bool local = where_.family() == Family::unix_domain;
  auto* const context =
      local ? redisAsyncConnectUnix(where_.host().c_str()) : redisAsyncConnect(where_.host().c_str(), where_.port());
  if (context == nullptr) throw std::bad_alloc();
  if (context->err != 0) {
    const std::string why = context->c.errstr;
    redisAsyncFree(context);
    lose(why);
    return false;
  }
  adapter_.attach(context);
  if (!local) notice_silence(context->c.fd);
  return true;
}

// The pause is random, up to a limit that doubles with each failure, so that a thousand nodes do not reconnect at once.
void RedisLink::lose(std::string why) {
  adapter_.close();
  lost_ = true;
  last_trouble_ = std::move(why);
  const auto limit =
      std::min<std::chrono::milliseconds>(shortest_limit * (1 << std::min(failures_, 10)), longest_limit);
  std::uniform_int_distribution<std::int64_t> pause(0, limit.count());
  pause_ends_ = Clock::now() + std::chrono::milliseconds(pause(random_));
}
//! [connect]

std::optional<RedisLink::Clock::time_point> RedisLink::next_attempt() const {
  if (is_up()) return std::nullopt;
  return lost_ ? pause_ends_ : Clock::now();
}

void RedisLink::send(const std::vector<std::string_view>& command, OnReply on_reply) {
  if (!is_up()) return;
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  for (const auto& word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  awaited_.push_back(std::move(on_reply));
  // If there is no reply, the connection has ended; `connect` notices that.
  const auto answered = [](redisAsyncContext*, void* reply, void* self) noexcept {
    if (reply != nullptr) static_cast<RedisLink*>(self)->take(*static_cast<redisReply*>(reply));
  };
  if (redisAsyncCommandArgv(adapter_.context(), answered, this, static_cast<int>(words.size()), words.data(),
                            sizes.data()) != REDIS_OK)
    trouble_ = "a command could not be sent";
}

void RedisLink::take(const redisReply& reply) {
  if (!trouble_.empty()) return;
  if (reply.type == REDIS_REPLY_ERROR) {
    trouble_.assign(reply.str, static_cast<std::size_t>(reply.len));
    return;
  }
  failures_ = 0;
  const OnReply on_reply = std::move(awaited_.front());
  awaited_.pop_front();
  on_reply(reply);
}
