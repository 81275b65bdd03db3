#include "helpers.hpp"

#include <limits>
#include <thread>

namespace matrix {
namespace {

/// What a file is ready for, at each look.
std::string always(Selector& selector, int fd, EventMask events) {
  selector.register_(fd, events, 1);
  const std::string first = look(selector, 1s);
  std::string answer = first + (look(selector, 1s) == first ? ", again and again" : ", once");
  selector.unregister(fd);
  close_number(fd);
  return answer;
}

using Seconds = std::chrono::duration<double>;
constexpr Seconds not_a_number(std::numeric_limits<double>::quiet_NaN());
constexpr Seconds infinite(std::numeric_limits<double>::infinity());

std::string peer_gone(Selector& selector, EventMask events) {
  auto [ours, theirs] = socketpair();
  selector.register_(std::move(ours), events, 1);
  theirs.close();
  return look(selector, 1s);
}

/// Nothing more can be written, and nobody is there to read: whoever waits for room has to be woken.
std::string hung_up(Selector& selector) {
  auto [ours, theirs] = socketpair();
  ours.setblocking(false);
  while (ours.send(std::string(65'536, 'x')) > 0) {
  }
  selector.register_(std::move(ours), EVENT_WRITE, 1);
  theirs.shutdown(Shutdown::both);
  const std::string first = look(selector, 30ms);
  theirs.close();
  return first + ", closed: " + look(selector, 1s);
}

/// What was silenced while its socket was away is reported again.
std::string moved_back(Selector& selector) {
  auto [ours, theirs] = socketpair();
  const auto key = selector.register_(std::move(ours), EVENT_READ, 1);
  theirs.send("x");
  Socket taken = std::move(key.fileobj);
  const std::string away = look(selector, 30ms);
  key.fileobj = std::move(taken);
  return away + ", back: " + look(selector, 1s);
}

/// How long it waits for a pipe that becomes readable after 20 ms.
std::string wait_for_pipe(Selector& selector, const Timeout& timeout) {
  const Pipe pipe;
  selector.register_(pipe.reader(), EVENT_READ, 1);
  std::thread writer([&] {
    std::this_thread::sleep_for(20ms);
    pipe.fill();
  });
  std::string seen = look(selector, timeout);
  writer.join();
  return seen;
}

std::string reused_in_batch(Selector& selector) {
  auto [ours, theirs] = socketpair();
  auto [other, others_peer] = socketpair();
  theirs.send("x");
  others_peer.send("x");
  const int fd = selector.register_(std::move(ours), EVENT_READ, 1).fd;
  const int second = selector.register_(std::move(other), EVENT_READ, 2).fd;
  std::string seen;
  for (const auto& [key, mask] : selector.select(1s)) {
    seen += std::to_string(key.data);
    const int neighbour = key.fd == fd ? second : fd;
    selector.unregister(neighbour);  // closes it: the next socket gets its number
    auto [fresh, fresh_peer] = socketpair();
    fresh_peer.send("x");
    selector.register_(std::move(fresh), EVENT_READ, 3);
    if (seen.size() > 3) break;
  }
  return (seen.size() == 1 ? "one event" : "events of " + seen) + ", the new one's in the next look" +
         (look(selector, 1s).find("3 READ") == std::string::npos ? ": lost" : "");
}

std::string woken(Selector& selector) {
  const Waker waker;
  selector.register_(waker.fileno(), EVENT_READ, 1);
  std::thread other([&] { waker.wake(); });
  std::string seen = look(selector, 10s);
  other.join();
  return seen;
}

std::string interrupted(Selector& selector) {
  const Storm storm(5ms);
  const auto start = std::chrono::steady_clock::now();
  const std::string seen = look(selector, 50ms);
  const auto passed = std::chrono::steady_clock::now() - start;
  return seen + (passed >= 50ms ? ", the time has passed" : ", early");
}

}  // namespace

std::vector<Question> legal_use() {
  return {
      {"a regular file, watched for reading", "1 READ, again and again",
       [](Selector& s) { return always(s, open_file(), EVENT_READ); }},
      {"`/dev/null`, watched for both", "1 READ+WRITE, again and again",
       [](Selector& s) { return always(s, open_null_device(), EVENT_READ | EVENT_WRITE); }},
      {"both directions of a socket are ready", "1 READ+WRITE",
       [](Selector& s) {
         auto [ours, theirs] = socketpair();
         s.register_(std::move(ours), EVENT_READ | EVENT_WRITE, 1);
         theirs.send("x");
         return look(s, 1s);
       }},
      {"the peer of a socket watched for both has gone", "1 READ+WRITE",
       [](Selector& s) { return peer_gone(s, EVENT_READ | EVENT_WRITE); }},
      {"the peer of a socket watched for reading has gone", "1 READ",
       [](Selector& s) { return peer_gone(s, EVENT_READ); }},
      {"the peer of a socket watched for writing has gone", "1 WRITE",
       [](Selector& s) { return peer_gone(s, EVENT_WRITE); }},
      {"the writer of a pipe has gone", "1 READ",
       [](Selector& s) {
         Pipe pipe;
         s.register_(pipe.reader(), EVENT_READ, 1);
         pipe.close_writer();
         return look(s, 1s);
       }},
      {"the writer of a pipe has gone, whose reading end is watched for writing", "1 WRITE",
       [](Selector& s) {
         Pipe pipe;
         s.register_(pipe.reader(), EVENT_WRITE, 1);
         pipe.close_writer();
         return look(s, 30ms);
       },
       "nothing"},
      {"the peer has shut both directions down; no room, watched for writing", "1 WRITE, closed: 1 WRITE", hung_up,
       "nothing, closed: 1 WRITE"},
      {"a socket is moved out of its key, and back", "nothing, back: 1 READ", moved_back},
      {"the reader of a pipe has gone", "1 WRITE",
       [](Selector& s) {
         Pipe pipe;
         s.register_(pipe.writer(), EVENT_WRITE, 1);
         pipe.close_reader();
         return look(s, 1s);
       }},
      {"two numbers of one file", "both: 1 READ, 2 READ",
       [](Selector& s) {
         const Pipe pipe;
         const int twin = duplicate(pipe.reader());
         s.register_(pipe.reader(), EVENT_READ, 1);
         s.register_(twin, EVENT_READ, 2);
         pipe.fill();
         const std::string seen = look(s, 1s);
         s.unregister(twin);
         close_number(twin);
         return seen == "2 READ, 1 READ" || seen == "1 READ, 2 READ" ? "both: 1 READ, 2 READ" : seen;
       }},
      {"nothing is registered, and there is a timeout", "sleeps", [](Selector& s) { return rest(s); }},
      {"a timeout of 0, of -1 s, of not a number", "nothing, nothing, nothing",
       [](Selector& s) { return look(s, 0ms) + ", " + look(s, -1s) + ", " + look(s, not_a_number); }},
      {"a timeout of 10^10 s, and one that is infinite", "1 READ, 1 READ",
       [](Selector& s) {
         std::string answer = wait_for_pipe(s, Seconds(1e10));
         for (const auto& key : s.get_map()) s.unregister(key.fd);
         return answer + ", " + wait_for_pipe(s, infinite);
       }},
      {"signals come while it waits", "nothing, the time has passed", interrupted},
      {"a callback unregisters its neighbour, whose number is taken at once",
       "one event, the new one's in the next look", reused_in_batch},
      {"another thread calls `Waker::wake`", "1 READ", woken},
  };
}

}  // namespace matrix
