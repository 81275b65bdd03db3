// How long a wait lasts.
#include "durations.hpp"
#include "facilities.hpp"

#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>
#include <vector>

TEMPLATE_TEST_CASE("select with nothing registered waits and returns nothing",
                   "[test_empty_select][test_empty_select_timeout]", FACILITIES) {
  typename TestType::template Selector<> selector;
  CHECK(selector.select(0s).empty());
  CHECK(duration_of([&] { CHECK(selector.select(20ms).empty()); }) >= 20ms);
}

TEMPLATE_TEST_CASE("select with a timeout of zero or less returns at once", "[test_timeout]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ);
  for (const auto timeout : {0ms, -1ms, -1'000'000ms})
    CHECK(duration_of([&] { CHECK(selector.select(timeout).empty()); }) < 100ms);
  CHECK(selector.select(-std::numeric_limits<double>::infinity() * 1s).empty());
  CHECK(selector.select(std::numeric_limits<double>::quiet_NaN() * 1s).empty());
}

TEMPLATE_TEST_CASE("select never returns early in 5000 waits", "[test_timeout]", FACILITIES) {
  std::atomic<int> waits = 0;
  std::atomic<int> early = 0;
  const auto wait = [&](std::chrono::nanoseconds timeout) {
    typename TestType::template Selector<> selector;
    auto [a, b] = nonblocking_pair();
    selector.register_(a.fileno(), EVENT_READ);
    for (int i = 0; i < 200; ++i, ++waits) {
      bool empty = false;
      if (duration_of([&] { empty = selector.select(timeout).empty(); }) < timeout || !empty) ++early;
    }
  };
  std::vector<std::thread> threads;  // they sleep side by side
  for (const auto timeout : {100us, 500us, 1'500us, 3'100us, 10'100us})
    for (int i = 0; i < 5; ++i) threads.emplace_back(wait, timeout);
  for (auto& thread : threads) thread.join();
  CHECK(waits == 5000);
  CHECK(early == 0);
}

TEMPLATE_TEST_CASE("select accepts huge timeouts", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  b.send("x");
  selector.register_(a.fileno(), EVENT_READ);
  CHECK(count(selector.select(std::chrono::hours::max())) == 1);
  CHECK(count(selector.select(1e300 * 1s)) == 1);
  CHECK(count(selector.select(std::numeric_limits<double>::infinity() * 1s)) == 1);
  CHECK(count(selector.select(std::nullopt)) == 1);
}
