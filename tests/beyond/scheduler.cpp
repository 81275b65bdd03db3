// The scheduler of beyond/coroutines, from inside.
#include "../support/catch.hpp"
#include "../support/story.hpp"

#include <scheduler.hpp>

#include <ctime>
#include <random>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace selectors;
using namespace std::chrono_literals;

namespace {

using Log = std::vector<std::string>;
using Pipe = std::pair<Watched<Socket>, Watched<Socket>>;

Pipe make_pipe(Scheduler& loop) {
  auto ends = socketpair();
  ends.first.setblocking(false);
  ends.second.setblocking(false);
  return {Watched<Socket>(loop, std::move(ends.first)), Watched<Socket>(loop, std::move(ends.second))};
}

Task<> note(Log& log, std::string line) {
  log.push_back(std::move(line));
  co_return;
}

Task<> note_after(Log& log, Timeout time, std::string line) {
  co_await sleep(time);
  log.push_back(std::move(line));
}

Task<> note_reading(Log& log, const Watched<Socket>& sock, Timeout limit) {
  try {
    co_await readable(sock, limit);
    log.emplace_back("ready");
  } catch (const TimedOut&) {
    log.emplace_back("in vain");
  }
}

Task<int> half_of(int number) {
  co_await sleep(1ms);
  if (number % 2 != 0) throw std::invalid_argument("odd");
  co_return number / 2;
}

Task<> fail_after(Timeout time) {
  co_await sleep(time);
  throw std::runtime_error("failed");
}

Task<> fail_at_once() {
  throw std::runtime_error("failed");
  co_return;
}

Task<> stop_after(Scheduler& loop, Timeout time, Timeout grace) {
  co_await sleep(time);
  loop.stop(grace);
}

}  // namespace

TEST_CASE("a task does nothing until it is started and then runs to its first wait") {
  Scheduler loop;
  Log log;
  auto task = note(log, "begun");
  CHECK(log.empty());
  loop.start(std::move(task));
  CHECK(log == Log{"begun"});
  CHECK(loop.run() == 0);
}

TEST_CASE("a task passes its value or its exception to the task that awaits it") {
  Scheduler loop;
  Log log;
  loop.start([](Log& lines) -> Task<> {
    lines.push_back(std::to_string(co_await half_of(84)));
    try {
      co_await half_of(7);
    } catch (const std::invalid_argument& error) {
      lines.emplace_back(error.what());
    }
  }(log));
  loop.run();
  CHECK(log == Log{"42", "odd"});
}

TEST_CASE("sleeping tasks wake in the order of their times") {
  Scheduler loop;
  Log log;
  loop.start(note_after(log, 30ms, "third"));
  loop.start(note_after(log, 10ms, "first"));
  loop.start(note_after(log, 20ms, "second"));
  loop.run();
  CHECK(log == Log{"first", "second", "third"});
}

TEST_CASE("a wait to read ends when bytes arrive or when its time limit has passed") {
  Scheduler loop;
  Log log;
  auto [near, far] = make_pipe(loop);
  loop.start(note_reading(log, near, 10ms));
  loop.run();
  CHECK(log == Log{"in vain"});
  loop.start(note_reading(log, near, 10s));
  far.send("x");
  loop.run();
  CHECK(log == Log{"in vain", "ready"});
}

TEST_CASE("bytes that have already arrived count even if the time limit has passed since") {
  Scheduler loop;
  Log log;
  auto [near, far] = make_pipe(loop);
  loop.start(note_reading(log, near, 1ms));
  far.send("x");
  support::pass(20ms);  // the limit passes while nobody looks
  loop.run();
  CHECK(log == Log{"ready"});
}

TEST_CASE("one task may wait to read and another to write on the same socket") {
  Scheduler loop;
  Log log;
  auto [near, far] = make_pipe(loop);
  loop.start(note_reading(log, near, 10s));
  loop.start([](Log& lines, const Watched<Socket>& sock, Watched<Socket>& peer) -> Task<> {
    co_await writable(sock);
    lines.emplace_back("room");
    peer.send("x");
  }(log, near, far));
  loop.run();
  CHECK(log == Log{"room", "ready"});
}

TEST_CASE("a second task that waits to read the same socket is refused and the first keeps waiting") {
  Scheduler loop;
  Log log;
  auto [near, far] = make_pipe(loop);
  loop.start(note_reading(log, near, 10s));
  CHECK_THROWS_AS(loop.start(note_reading(log, near, 10s)), ValueError);
  far.send("x");
  loop.run();
  CHECK(log == Log{"ready"});
}

TEST_CASE("waiting tasks and everything they own are destroyed with the scheduler") {
  const auto owned = std::make_shared<int>(0);
  {
    Scheduler loop;
    const auto wait_for_ever = [](Scheduler& in, std::shared_ptr<int>) -> Task<> {
      auto [near, far] = make_pipe(in);
      co_await [](const Watched<Socket>& sock) -> Task<> { co_await readable(sock, 1h); }(near);
    };
    for (int i = 0; i < 10; ++i) loop.start(wait_for_ever(loop, owned));
    CHECK(owned.use_count() == 11);
  }
  CHECK(owned.use_count() == 1);
}

TEST_CASE("a descriptor that was closed and reused can be waited for again") {
  Scheduler loop;
  Log log;
  loop.start([](Scheduler& in, Log& lines) -> Task<> {
    int number = -1;
    for (int i = 0; i < 3; ++i) {
      auto [near, far] = make_pipe(in);
      if (number >= 0) lines.push_back(near.fileno() == number ? "the same number" : "another number");
      number = near.fileno();
      far.send("x");
      co_await readable(near, 1s);
      lines.emplace_back("ready");
    }
  }(loop, log));
  loop.run();
  CHECK(log == Log{"ready", "the same number", "ready", "the same number", "ready"});
}

TEST_CASE("unread bytes that no task waits for do not keep the loop awake") {
  Scheduler loop;
  auto [near, far] = make_pipe(loop);
  far.send("xx");
  loop.start([](Watched<Socket>& sock) -> Task<> {
    co_await readable(sock);
    sock.recv(1);
    co_await sleep(300ms);
    co_await readable(sock, 1s);  // and it is still heard
    sock.recv(1);
  }(near));
  const auto before = std::clock();
  loop.run();
  CHECK(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC < 0.1);
  CHECK_FALSE(near.recv(1));
}

TEST_CASE("start passes on a task's immediate exception and run passes on a later one") {
  Scheduler loop;
  CHECK_THROWS_AS(loop.start(fail_at_once()), std::runtime_error);
  loop.start(fail_after(1ms));
  CHECK_THROWS_AS(loop.run(), std::runtime_error);
  CHECK(loop.run() == 0);
}

TEST_CASE("stop wakes tasks that sleep or wait to read except those with bytes to read") {
  Scheduler loop;
  Log log;
  auto [near, far] = make_pipe(loop);
  auto [silent, other] = make_pipe(loop);
  loop.start(note_reading(log, silent, {}));
  loop.start([](Log& lines) -> Task<> {
    try {
      co_await sleep(1h);
    } catch (const TimedOut&) {
      lines.emplace_back("woken");
    }
  }(log));
  loop.start([](Scheduler& in, Log& lines, const Watched<Socket>& sock, Watched<Socket>& peer) -> Task<> {
    co_await sleep(1ms);
    peer.send("x");
    in.stop(10s);
    co_await readable(sock);
    lines.emplace_back("read");
  }(loop, log, near, far));
  CHECK(loop.run() == 0);
  std::sort(log.begin(), log.end());
  CHECK(log == Log{"in vain", "read", "woken"});
}

TEST_CASE("stop gives a task that is writing its grace period and no more time") {
  Scheduler loop;
  auto [near, far] = make_pipe(loop);
  while (near.send(std::string(65'536, 'x')) > 0) continue;
  loop.start([](const Watched<Socket>& sock) -> Task<> { co_await writable(sock); }(near));
  loop.start(stop_after(loop, 1ms, 50ms));
  const auto before = Clock::now();
  CHECK(loop.run() == 1);
  CHECK(Clock::now() - before >= 50ms);
}

TEST_CASE("the timer heap keeps its order whichever timers are removed") {
  std::mt19937 random(1);
  std::vector<Timer> timers(500);
  std::multiset<Clock::time_point> expected;
  std::set<Timer*> in;
  TimerHeap heap;
  for (int step = 0; step < 20'000; ++step) {
    Timer& timer = timers[random() % timers.size()];
    if (in.erase(&timer) > 0) {
      heap.remove(timer);
      expected.erase(expected.find(timer.due));
    } else {
      timer.due = Clock::time_point(std::chrono::nanoseconds(random() % 1000));
      heap.add(timer);
      expected.insert(timer.due);
      in.insert(&timer);
    }
    REQUIRE(heap.empty() == expected.empty());
    if (!heap.empty()) REQUIRE(heap.next().due == *expected.begin());
  }
}
