// Every call to the system that the library makes is failed in turn, with every error it can give.
#include "../../support/catch.hpp"
#include "../open_descriptors.hpp"
#include "errors.hpp"
#include "libc.hpp"
#include "scenario.hpp"

#include <netdb.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>
#include <vector>

using namespace selectors;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// What came of it, in words.
std::string outcome_of(const std::function<std::string()>& call) {
  try {
    return call();
  } catch (const ConnectionError& error) {
    return "connection " + std::to_string(error.code().value());
  } catch (const std::system_error& error) {
    return "errno " + std::to_string(error.code().value());
  } catch (const std::bad_alloc&) {
    return "bad_alloc";
  } catch (const StaleKeyError&) {
    return "StaleKeyError";
  } catch (const std::exception& error) {
    return error.what();
  }
}

/// If these errors were permanent, the call would be repeated forever.
bool means_again(int error) { return error == EINTR || error == ECONNABORTED || error == EPROTO; }

std::string expected_of(const faults::Scenario& scenario, const faults::Failure& failure) {
  if (failure.call == "new") return "bad_alloc";
  if (failure.call == "close") return "ok";  // the descriptor is free whatever it answers
  return scenario.expected(failure);
}

/// Tries it with the n-th of these calls failing, for n = 1, 2, … until there is no n-th. Returns how many there were.
int fail_each(const faults::Scenario& scenario, const faults::Failure& failure) {
  const auto& [call, error, for_good] = failure;
  const std::string expected = expected_of(scenario, failure);
  if (expected == "never") return 1;
  for (int nth = 1;; ++nth) {
    INFO(scenario.name << ": call " << nth << " of " << call << " fails with " << error << " ("
                       << (error < 0 ? gai_strerror(error) : std::strerror(error)) << ")"
                       << (for_good ? ", and all after it" : ""));
    const auto before = open_descriptors(200);
    bool fired = false;
    const std::string outcome = scenario.run([&](const auto& attempt) {
      libc::Fault fault(failure.call, failure.error, nth, failure.for_good);
      std::string result = outcome_of(attempt);
      fired = fault.fired();
      return result;
    });
    CHECK(open_descriptors(200) == before);
    if (!fired) {
      CHECK(outcome == "ok");
      return nth - 1;
    }
    CHECK(outcome == (expected.empty() ? "errno " + std::to_string(error) : expected));
  }
}

/// Returns how many faults there were.
int fail_everything(const std::vector<faults::Scenario>& scenarios) {
  int count = 0;
  for (const auto& scenario : scenarios) {
    for (const auto& [call, errors] : possible_errors()) {
      for (const int error : errors) {
        const int once = fail_each(scenario, {call, error, false});
        if (once == 0) break;  // it makes no such call
        count += once;
        if (!means_again(error)) count += fail_each(scenario, {call, error, true});
      }
    }
    count += fail_each(scenario, {"new", 0, false});
  }
  return count;
}

}  // namespace

TEST_CASE("any failing call on epoll gives the right error and leaves the selector unchanged") {
  CHECK(fail_everything(faults::of_keys(make_epoll)) > 100);
  CHECK(fail_everything(faults::of_waiting(make_epoll)) > 100);
}

TEST_CASE("any failing call on poll gives the right error and leaves the selector unchanged") {
  CHECK(fail_everything(faults::of_keys(make_poll)) > 30);
  CHECK(fail_everything(faults::of_waiting(make_poll)) > 30);
}

TEST_CASE("any failing call on select gives the right error and leaves the selector unchanged") {
  CHECK(fail_everything(faults::of_keys(make_select)) > 30);
  CHECK(fail_everything(faults::of_waiting(make_select)) > 30);
}

TEST_CASE("any failing call of a Waker or SignalPipe gives the right error and leaks nothing") {
  CHECK(fail_everything(faults::of_pipes()) > 20);
}

TEST_CASE("any failing call of a Socket or Address gives the right error and leaks nothing") {
  CHECK(fail_everything(faults::of_sockets()) > 100);
}

TEST_CASE("DefaultSelector takes the next facility where the kernel refuses epoll") {
  unsetenv("SELECTORS_FACILITY");
  for (const int error : {ENOSYS, EPERM, EACCES}) {
    const libc::Fault fault("epoll_create1", error, 1, true);
    CHECK(DefaultSelector<>().name() == "poll");
  }
}

TEST_CASE("a facility chosen by name is not replaced and neither is one that ran out of descriptors") {
  {
    const libc::Fault fault("epoll_create1", EMFILE, 1, true);
    CHECK_THROWS_AS(DefaultSelector<>(), std::system_error);
  }
  setenv("SELECTORS_FACILITY", "epoll", 1);
  {
    const libc::Fault fault("epoll_create1", ENOSYS, 1, true);
    CHECK(outcome_of([] { return DefaultSelector<>().name(); }) == "errno " + std::to_string(ENOSYS));
  }
  unsetenv("SELECTORS_FACILITY");
}

TEST_CASE("clients that cannot be accepted for lack of memory do not keep the loop awake") {
  for (const auto make : {make_epoll, make_poll, make_select}) {
    BaseSelector<> selector(make());
    selector.on_busy_loop({});
    Socket listener(Family::inet);
    listener.bind(Address("127.0.0.1", 0));
    listener.listen();
    listener.setblocking(false);
    Socket client(Family::inet);
    client.connect(listener.getsockname());
    auto [ours, theirs] = socketpair();
    const int door = selector.register_(std::move(listener), EVENT_READ).fd;
    selector.register_(std::move(ours), EVENT_READ);
    int attempts = 0;
    const auto take = [&, &neighbour = theirs](std::chrono::milliseconds time) {
      bool accepted = false;
      for (const auto end = Clock::now() + time; Clock::now() < end && !accepted;)
        for (const auto& [key, mask] : selector.select(end - Clock::now())) {
          if (key.fd != door) {
            CHECK_FALSE(key.fileobj.recv(100)->empty());
            continue;
          }
          ++attempts;
          accepted = key.fileobj.accept().has_value();
          neighbour.send("x");  // is served meanwhile
        }
      return accepted;
    };
    {
      const libc::Fault fault("accept4", ENOBUFS, 1, true);
      CHECK_FALSE(take(350ms));
    }
    CHECK(attempts >= 2);  // at the start, and once or more after a rest
    CHECK(attempts <= 8);  // each is followed by its neighbour's event, in which it is asked once more at the most
    CHECK(selector.counters().waits <= 24);
    CHECK(take(1s));  // there is memory again
  }
}

TEST_CASE("closing a selector makes at most four calls for each descriptor closed before") {
  for (const auto make : {make_epoll, make_poll, make_select}) {
    BaseSelector<> selector(make());
    std::vector<Socket> closed;
    for (int i = 0; i < 100; ++i) {
      auto [ours, theirs] = socketpair();
      selector.register_(ours.fileno(), EVENT_READ);
      selector.register_(theirs.fileno(), EVENT_READ);
      closed.push_back(std::move(ours));
      closed.push_back(std::move(theirs));
    }
    closed.clear();
    const libc::Record record;
    selector.close();
    CHECK(record.calls.size() <= 800);
  }
}
