/// A contestant: the workloads that it offers, which one main program (contestant.cpp) calls.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace bench {

/// How many descriptors are watched, and how many of them are ready in each turn of the loop.
struct Load {
  int descriptors;
  int active;
  long turns;
};

struct Measured {
  std::int64_t ns;
  long events;
};

/// The nanoseconds of each phase of `ctl`, for all turns together.
struct Phases {
  std::int64_t registering;
  std::int64_t modifying;
  std::int64_t unregistering;
};

/// A contestant leaves out what it does not offer.
struct Contestant {
  const char* name;
  std::string (*about)();
  Measured (*hot)(const Load&);
  Measured (*dispatch)(const Load&);
  Phases (*ctl)(int descriptors, long turns);
  void (*echo)() = nullptr;
  void (*chat)() = nullptr;
  Measured (*hot_typed)(const Load&) = nullptr;
  void (*echo_with_lines)() = nullptr;
  double (*memory)(int descriptors) = nullptr;  ///< Bytes that are allocated to register this many.
};

/// Each contestant defines this one.
extern const Contestant contestant;

/// Each contestant that has servers defines these. They return when SIGTERM comes.
void serve_echo();
void serve_chat();

/// For raw epoll only: for each message it writes as many bytes to standard output as the line has that lesson 06
/// prints.
void serve_echo_with_lines();

/// For raw io_uring only: returns why the kernel refuses it, to be appended to its name; an empty string if it does
/// not.
std::string uring_refused();

/// Ends the program with one line on standard error: what was attempted, and why it failed, according to errno. It does
/// not throw, because callbacks of C libraries call it.
[[noreturn]] void fail(std::string_view what);

/// Returns the result of a call if it is not negative; else ends the program.
inline int checked(int answer, std::string_view what) {
  if (answer < 0) fail(what);
  return answer;
}

inline std::int64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

/// Counts events up to a goal.
struct Tally {
  long count = 0;
  long goal = 0;
  void* loop = nullptr;  // for callbacks that do not get the loop that calls them

  /// Counts one more event. Returns true for the event that reaches the goal: then the loop has to end.
  bool add() { return ++count == goal; }

  [[nodiscard]] bool reached() const { return count >= goal; }
};

/// Runs the loop first for the events of a few turns, so that buffers grow and everything gets allocated; then for all
/// events, which is timed.
template <class Run>
Measured measure(const Load& load, Tally& tally, const Run& run) {
  constexpr long warm_up_turns = 10;
  tally.goal = load.active * warm_up_turns;
  run();
  tally.count = 0;
  tally.goal = load.active * load.turns;
  const std::int64_t start = now_ns();
  run();
  return {.ns = now_ns() - start, .events = tally.count};
}

/// Times the three phases separately, each for all descriptors, after one turn that is not timed.
template <class Register, class Modify, class Unregister>
Phases measure_phases(long turns, const Register& register_all, const Modify& modify_all,
                      const Unregister& unregister_all) {
  register_all();
  modify_all();
  unregister_all();
  Phases sum{};
  for (long turn = 0; turn < turns; ++turn) {
    const std::int64_t start = now_ns();
    register_all();
    const std::int64_t registered = now_ns();
    modify_all();
    const std::int64_t modified = now_ns();
    unregister_all();
    const std::int64_t unregistered = now_ns();
    sum.registering += registered - start;
    sum.modifying += modified - registered;
    sum.unregistering += unregistered - modified;
  }
  return sum;
}

}  // namespace bench
