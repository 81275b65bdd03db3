#include "../../support/catch.hpp"
#include "scenario.hpp"

#include <cerrno>
#include <csignal>
#include <initializer_list>
#include <optional>

namespace faults {
namespace {

using namespace selectors;

std::string make_waker(const Attempt& attempt) {
  return attempt([] {
    const Waker waker;
    return "ok";
  });
}

std::string wake(const Attempt& attempt) {
  Waker waker;
  return attempt([&] {
    waker.wake();
    return "ok";
  });
}

std::string clear(const Attempt& attempt) {
  Waker waker;
  waker.wake();
  return attempt([&] {
    waker.clear();
    return "ok";
  });
}

std::string catch_signals(const Attempt& attempt) {
  std::signal(SIGUSR1, SIG_IGN);
  std::optional<SignalPipe> signals;
  std::string outcome = attempt([&] {
    signals.emplace(std::initializer_list<int>{SIGUSR1, SIGUSR2});
    return "ok";
  });
  signals.reset();
  CHECK(std::signal(SIGUSR1, SIG_DFL) == SIG_IGN);  // restored
  CHECK(SignalPipe::active_fileno() == -1);
  const SignalPipe works{SIGUSR1};
  return outcome;
}

std::string read_signal(const Attempt& attempt) {
  SignalPipe signals{SIGUSR1};
  std::raise(SIGUSR1);
  return attempt([&] {
    const auto signal = signals.read();
    return !signal ? "nothing" : signal == SIGUSR1 ? "ok" : "another";
  });
}

}  // namespace

std::vector<Scenario> of_pipes() {
  const auto refuses = [](const Failure&) { return ""; };
  const auto never_fails = [](const Failure&) { return "ok"; };
  const auto nothing_there = [](const Failure& f) { return f.error == EINTR || f.error == EAGAIN ? "ok" : ""; };
  const auto on_read = [](const Failure& f) { return f.error == EINTR ? "ok" : f.error == EAGAIN ? "nothing" : ""; };
  // If sigaction failed for good, there would be no way to restore a handler either.
  const auto on_catch = [](const Failure& f) { return f.call == "sigaction" && f.for_good ? "never" : ""; };
  return {
      {"make a Waker", make_waker, refuses},   {"wake", wake, never_fails},
      {"clear", clear, nothing_there},         {"catch signals", catch_signals, on_catch},
      {"read a signal", read_signal, on_read},
  };
}

}  // namespace faults
