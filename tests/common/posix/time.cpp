// How long a wait lasts, where signals interrupt it.
#include "../durations.hpp"
#include "../facilities.hpp"
#include "../storm.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>
#include <vector>

TEST_CASE("DefaultSelector oversleeps by less than a fifth of a millisecond") {
  DefaultSelector<> selector;
  // What the machine adds while it is busy with something else is not the selector's: the best of ten rounds counts.
  auto best = std::chrono::nanoseconds::max();
  for (int round = 0; round < 10 && best >= 200us; ++round) {
    std::vector<std::chrono::nanoseconds> overshoots;
    for (const auto timeout : {100us, 500us, 1'500us, 3'100us, 10'100us})
      for (int i = 0; i < 5; ++i)
        overshoots.push_back(duration_of([&] { CHECK(selector.select(timeout).empty()); }) - timeout);
    std::nth_element(overshoots.begin(), overshoots.begin() + 12, overshoots.end());
    best = std::min(best, overshoots[12]);
  }
  INFO("median overshoot " << best.count() << " ns");
  CHECK(best < 200us);
}

TEMPLATE_TEST_CASE("select sleeps instead of spinning when its timeout is below a millisecond", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  CHECK(effort_of([&] {
          for (int i = 0; i < 200; ++i) CHECK(selector.select(950us).empty());
        }) < 90ms);
}

TEMPLATE_TEST_CASE("select keeps waiting through signals", "[test_select_interrupt_noraise]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ);
  const Storm storm(1ms);
  const auto waited = duration_of([&] { CHECK(selector.select(100ms).empty()); });
  CHECK(waited >= 100ms);
  CHECK(waited < 1s);
}

TEMPLATE_TEST_CASE("select waits only for the remaining time after a signal", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  const Storm late(400ms);
  const auto waited = duration_of([&] { CHECK(selector.select(500ms).empty()); });
  CHECK(waited >= 500ms);
  CHECK(waited < 800ms);  // not 400 and the whole 500 again
}

#ifndef OWN_SELECTOR  // which may stand on select(2) alone
TEMPLATE_TEST_CASE("select counts the time during which the process was stopped", "", FACILITIES) {
  if (is_libkqueue(typename TestType::template Selector<>().name())) return;
  const pid_t child = fork();
  if (child == 0) {  // with a selector of its own
    typename TestType::template Selector<> selector;
    const Waker waker;
    selector.register_(waker.fileno(), EVENT_READ);
    const auto waited = duration_of([&] { static_cast<void>(selector.select(300ms).empty()); });
    _exit(waited < 300ms ? 1 : waited > 450ms ? 2 : 0);
  }
  int status = 0;
  for (bool ended = false; !ended; ended = waitpid(child, &status, WNOHANG) == child) {
    kill(child, SIGSTOP);
    std::this_thread::sleep_for(20ms);  // half of the time, whatever the machine does
    kill(child, SIGCONT);
    std::this_thread::sleep_for(20ms);
  }
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
#endif

TEMPLATE_TEST_CASE("select loses none of 10000 echoes in a storm of signals", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [ours, theirs] = socketpair();
  ours.setblocking(false);
  selector.register_(std::move(ours), EVENT_READ);
  const Storm storm(1ms);
  int wrong = 0;
  std::thread client([&, &peer = theirs] {
    for (int i = 0; i < 10'000; ++i) {
      const std::string said = std::to_string(i);
      peer.send(said);
      if (peer.recv(100) != said) ++wrong;
    }
    peer.shutdown(Shutdown::write);
  });
  int echoed = 0;
  for (bool open = true; open;) {
    for (const auto& [key, mask] : selector.select()) {
      const auto data = key.fileobj.recv(100);
      if (!data) continue;
      if (data->empty())
        open = false;
      else
        echoed += key.fileobj.send(*data) == data->size() ? 1 : 0;
    }
  }
  client.join();
  CHECK(echoed == 10'000);
  CHECK(wrong == 0);
}
