/// What every contestant is: the workloads that it offers, called by one main program (contestant.cpp).
#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

namespace bench {

/// So many descriptors are watched, so many of them are ready in each turn of the loop.
struct Load {
  int descriptors;
  int active;
  long turns;
};

struct Measured {
  std::int64_t ns;
  long events;
};

/// The nanoseconds of each phase of `ctl`, all turns together.
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
  double (*memory)(int descriptors) = nullptr;  ///< Bytes that are allocated to register so many.
};

/// Each contestant defines this one.
extern const Contestant contestant;

/// Each contestant that serves defines these: they return when SIGTERM comes.
void serve_echo();
void serve_chat();

/// Raw epoll's alone: for each message as many bytes go to standard output as the line has that lesson 06 prints.
void serve_echo_with_lines();

/// Raw io_uring's alone: why the kernel has none for us, to be put behind its name; nothing if it has.
std::string uring_refused();

/// Ends the program with one line on standard error: what was attempted, and why errno says that it failed. It does not
/// throw, because it is called within callbacks of libraries that are written in C.
[[noreturn]] void fail(std::string_view what);

/// The answer of a call, if it is not negative; else the end.
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
  void* loop = nullptr;  // for callbacks that are not told by which loop they are called

  /// One event more. True for the one that reaches the goal: then the loop is told to end.
  bool add() { return ++count == goal; }

  [[nodiscard]] bool reached() const { return count >= goal; }
};

/// Runs the loop until a few turns' events are counted, which lets buffers grow and everything be allocated; then until
/// all are, and that is timed.
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

/// Times the three phases apart, each of them for all descriptors, after one turn that is not timed.
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
