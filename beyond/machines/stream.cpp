#include "stream.hpp"

#include <lesson/terminal.hpp>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

using selectors::Address;

namespace {

constexpr std::size_t limit = 262'144;           // how many bytes to keep while Redis does not answer
constexpr std::size_t cost = 256;                // bytes that a message costs beside its text
constexpr std::string_view stream = "{chat}";    // braces keep all our keys on one machine of a cluster
constexpr std::string_view most_at_once = "16";  // entries of at most 64 KiB: these fit into an outbox

//! [append]
// Appends a message once, however often it is sent. Redis keeps the number of each node's last message, but only in
// memory. So appending remains a single command in Redis's file, and if Redis is killed while it writes, the file has
// the whole message or nothing. A Redis that has been restarted looks for the number in the entries that this node has
// not read yet. A number that skips one is refused, because the one before it was refused.
constexpr std::string_view append_script = R"(
local number, last, from = tonumber(ARGV[2]), redis.call('GET', KEYS[2]), '(' .. ARGV[6]
last = last and tonumber(last)
if not last then
  last = tonumber(ARGV[3])
  repeat
    local entries = redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', 1000)
    for _, entry in ipairs(entries) do
      from = '(' .. entry[1]
      if entry[2][2] == ARGV[1] then last = math.max(last, tonumber(entry[2][4])) end
    end
  until #entries < 1000
end
if number > last + 1 then return redis.error_reply('ERR a message is missing') end
if number > last then
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', 100000, '*',
             'node', ARGV[1], 'number', ARGV[2], 'speaker', ARGV[4], 'text', ARGV[5])
  last = number
end
redis.set_repl(redis.REPL_NONE)
redis.call('SET', KEYS[2], last, 'EX', 86400)
)";
//! [append]

std::string random_name() {
  std::random_device random;
  std::string name;
  for (int i = 0; i < 16; ++i) name += "0123456789abcdef"[random() % 16];
  return name;
}

std::string where_is(const Address& redis) {
  return redis.port() == 0 ? redis.host() : redis.host() + ":" + std::to_string(redis.port());
}

std::string_view text_of(const redisReply& reply) {
  return reply.str == nullptr ? std::string_view() : std::string_view(reply.str, static_cast<std::size_t>(reply.len));
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Stream::Stream(Selector& selector, const Address& redis, Heard heard)
    : heard_(std::move(heard)),
      node_(random_name()),
      where_(where_is(redis)),
      reader_(selector, redis),
      writer_(selector, redis) {
  turn();
}

void Stream::say(std::string_view text, std::uint64_t speaker) {
  said_.push_back({++count_, speaker, std::string(text)});
  bytes_ += text.size() + cost;
  if (bytes_ >= limit) has_room_ = false;
  append_rest();
}

void Stream::turn() {
  if (reader_.connect()) {
    is_asking_ = false;
    reader_.send({"PING"}, [](const redisReply&) {});  // the next question may stay open for hours
    if (position_.empty()) find_position();
  }
  if (writer_.connect()) {
    sent_ = 0;
    script_.clear();
    writer_.send({"SCRIPT", "LOAD", append_script}, [this](const redisReply& reply) { script_ = text_of(reply); });
  }
  hand_over();
  ask();
  append_rest();
  tell_how_redis_is();
}

// A node begins at the end that the stream has now. `$` would mean the end at the time when Redis is asked. After a
// lost connection that is another end, and the messages in between would be skipped.
void Stream::find_position() {
  reader_.send({"XREVRANGE", stream, "+", "-", "COUNT", "1"}, [this](const redisReply& reply) {
    position_ = reply.elements == 0 ? "0-0" : text_of(*reply.element[0]->element[0]);
  });
}

//! [ask]
// One question is always open: what comes after the last entry that I have? Redis answers when there is something.
void Stream::ask() {
  if (is_asking_ || position_.empty() || !reader_.is_up()) return;
  is_asking_ = true;
  reader_.send({"XREAD", "COUNT", most_at_once, "BLOCK", "0", "STREAMS", stream, position_},
               [this](const redisReply& reply) {
                 is_asking_ = false;
                 if (reply.elements > 0) note(*reply.element[0]->element[1]);
               });
}
//! [ask]

// hiredis calls this, and no exception may pass through hiredis. So this only notes the entries.
void Stream::note(const redisReply& entries) {
  for (std::size_t i = 0; i < entries.elements; ++i) {
    const redisReply& fields = *entries.element[i]->element[1];
    Entry entry;
    for (std::size_t field = 0; field + 1 < fields.elements; field += 2) {
      const auto name = text_of(*fields.element[field]);
      const auto value = text_of(*fields.element[field + 1]);
      if (name == "node") entry.node = value;
      if (name == "number") entry.number = number_in(value);
      if (name == "speaker") entry.speaker = number_in(value);
      if (name == "text") entry.text = value;
    }
    if (entry.node == node_) own_last_read_ = entry.number;
    position_ = text_of(*entries.element[i]->element[0]);
    entries_.push_back(std::move(entry));
  }
}

void Stream::hand_over() {
  for (const Entry& entry : entries_)
    if (is_new(entry)) heard_(entry.text, entry.node == node_ ? entry.speaker : 0);
  entries_.clear();
}

// The script appends nothing twice, but it costs little to check that here too. This also shows what the node has
// missed.
bool Stream::is_new(const Entry& entry) {
  if (entry.node.empty()) return true;  // somebody has appended it by hand
  auto& last = last_of_[entry.node];
  if (entry.number <= last) return false;
  if (last != 0 && entry.number > last + 1)
    lesson::print_error("Redis no longer has " + std::to_string(entry.number - last - 1) +
                        " messages that this node has not read");
  last = entry.number;
  return true;
}

void Stream::append_rest() {
  if (position_.empty() || script_.empty() || !writer_.is_up()) return;
  while (sent_ < said_.size()) append(said_[sent_++]);
}

void Stream::append(const Said& said) {
  const std::string key = std::string(stream) + ':' + node_;
  const std::string number = std::to_string(said.number);
  const std::string known = std::to_string(std::max(said_.front().number - 1, own_last_read_));
  const std::string speaker = std::to_string(said.speaker);
  writer_.send({"EVALSHA", script_, "2", stream, key, node_, number, known, speaker, said.text, position_},
               [this](const redisReply&) { acknowledge(); });
}

void Stream::acknowledge() {
  bytes_ -= said_.front().text.size() + cost;
  said_.pop_front();
  --sent_;
  if (bytes_ <= limit / 2) has_room_ = true;
}

void Stream::tell_how_redis_is() {
  const bool gone = !reader_.is_up() || !writer_.is_up();
  if (gone && !told_) {
    const RedisLink& lost = reader_.is_up() ? writer_ : reader_;
    lesson::print_error("Redis at " + where_ + ": " + lost.last_trouble() + "; the members wait until it is back");
    told_ = true;
  } else if (told_ && reader_.has_answered() && writer_.has_answered()) {
    lesson::print_error("Redis at " + where_ + " is back");
    told_ = false;
  }
}

void Stream::finish(std::chrono::milliseconds time) { last_moment_ = RedisLink::Clock::now() + time; }

bool Stream::has_finished() const {
  return last_moment_ && (said_.empty() || RedisLink::Clock::now() >= *last_moment_);
}

selectors::Timeout Stream::patience() const {
  std::optional<RedisLink::Clock::time_point> next;
  for (const auto& moment : {reader_.next_attempt(), writer_.next_attempt(), last_moment_})
    if (moment && (!next || *moment < *next)) next = moment;
  if (!next) return {};
  return *next - RedisLink::Clock::now();
}
