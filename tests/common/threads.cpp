// What may be called from which thread, and how a select is woken; also run under ThreadSanitizer.
#include "facilities.hpp"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

TEMPLATE_TEST_CASE("wake from another thread ends a select without a timeout", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  Waker waker;
  selector.register_(waker.fileno(), EVENT_READ);
  Waker answer;
  typename TestType::template Selector<> others;
  std::thread other([&] {
    others.register_(answer.fileno(), EVENT_READ);
    for (int i = 0; i < 1000; ++i) {
      waker.wake();
      for ([[maybe_unused]] const auto& event : others.select()) answer.clear();
    }
  });
  int woken = 0;
  for (int i = 0; i < 1000; ++i) {
    for ([[maybe_unused]] const auto& event : selector.select()) {
      waker.clear();
      ++woken;
    }
    answer.wake();
  }
  other.join();
  CHECK(woken == 1000);
}

TEMPLATE_TEST_CASE("everything that several threads queue before they wake the selector is found", "", FACILITIES) {
  constexpr std::size_t threads = 4;
  constexpr std::size_t each = 5000;
  typename TestType::template Selector<> selector;
  Waker waker;
  selector.register_(waker.fileno(), EVENT_READ);
  std::mutex mutex;
  std::vector<std::size_t> queue;
  std::vector<std::thread> writers;
  for (std::size_t i = 0; i < threads; ++i) {
    writers.emplace_back([&] {
      for (std::size_t n = 0; n < each; ++n) {
        {
          const std::scoped_lock lock(mutex);
          queue.push_back(n);
        }
        waker.wake();
      }
    });
  }
  std::size_t found = 0;
  while (found < threads * each) {
    const auto ready = count(selector.select(10s));
    REQUIRE(ready == 1);  // else something was left and nobody woke
    waker.clear();
    const std::scoped_lock lock(mutex);
    found += queue.size();
    queue.clear();
  }
  for (auto& writer : writers) writer.join();
  CHECK(found == threads * each);
}

TEMPLATE_TEST_CASE("many wakes before a clear count as one and none of them blocks", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  Waker waker;
  selector.register_(waker.fileno(), EVENT_READ);
  for (int i = 0; i < 100'000; ++i) waker.wake();
  CHECK(count(selector.select(1s)) == 1);
  waker.clear();
  CHECK(selector.select(0s).empty());
  waker.wake();
  CHECK(count(selector.select(1s)) == 1);
}

TEMPLATE_TEST_CASE("different threads may use different selectors", "", FACILITIES) {
  std::atomic<int> received = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        typename TestType::template Selector<int> selector;
        auto [a, b] = nonblocking_pair();
        selector.register_(std::move(a), EVENT_READ, round);
        b.send("x");
        for (const auto& [key, mask] : selector.select(10s))
          if (key.data == round && key.fileobj.recv(1) == "x") ++received;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(received == 800);
}

TEMPLATE_TEST_CASE("a socket may be passed to the selector of another thread", "", FACILITIES) {
  std::mutex mutex;
  std::vector<Socket> handed;
  Waker waker;
  std::string received;
  std::thread worker([&] {
    typename TestType::template Selector<bool> selector;
    selector.register_(waker.fileno(), EVENT_READ, true);
    while (received.size() < 10) {
      for (const auto& [key, mask] : selector.select(10s)) {
        if (!key.data) {
          received += key.fileobj.recv(10).value_or("");
          selector.unregister(key.fileobj);
          continue;
        }
        waker.clear();
        const std::scoped_lock lock(mutex);
        for (Socket& socket : handed) selector.register_(std::move(socket), EVENT_READ, false);
        handed.clear();
      }
    }
  });
  for (int i = 0; i < 10; ++i) {
    auto [a, b] = nonblocking_pair();
    b.send("x");
    {
      const std::scoped_lock lock(mutex);
      handed.push_back(std::move(a));
    }
    waker.wake();
  }
  worker.join();
  CHECK(received == "xxxxxxxxxx");
}
