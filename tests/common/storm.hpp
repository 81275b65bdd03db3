// Signals that do nothing but interrupt.
#pragma once

#include <sys/time.h>

#include <chrono>
#include <csignal>

/// A signal at every interval while it lives, with a handler that returns at once and no SA_RESTART.
class Storm {
 public:
  explicit Storm(std::chrono::microseconds every) {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    sigaction(SIGALRM, &action, &former_);
    const timeval interval{0, static_cast<suseconds_t>(every.count())};
    const itimerval timer{interval, interval};
    setitimer(ITIMER_REAL, &timer, nullptr);
  }
  Storm(const Storm&) = delete;
  Storm& operator=(const Storm&) = delete;
  ~Storm() {
    const itimerval off{};
    setitimer(ITIMER_REAL, &off, nullptr);
    sigaction(SIGALRM, &former_, nullptr);
  }

 private:
  struct sigaction former_ {};
};
