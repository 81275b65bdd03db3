// The contract is written once and run on every facility: TEMPLATE_TEST_CASE("…", "", FACILITIES).
#pragma once

#include "../support/catch.hpp"

#include <selectors/selectors.hpp>

#include <chrono>
#include <string>
#include <utility>

using namespace selectors;
using namespace std::chrono_literals;

struct OnDefault {
  template <class Data = Nothing>
  using Selector = DefaultSelector<Data>;
};
struct OnPoll {
  template <class Data = Nothing>
  using Selector = PollSelector<Data>;
};
struct OnSelect {
  template <class Data = Nothing>
  using Selector = SelectSelector<Data>;
};
#ifdef __linux__
struct OnEpoll {
  template <class Data = Nothing>
  using Selector = EpollSelector<Data>;
};
#endif
#ifdef SELECTORS_HAVE_KQUEUE
struct OnKqueue {
  template <class Data = Nothing>
  using Selector = KqueueSelector<Data>;
};
#endif

#ifdef OWN_SELECTOR  // the exercise of this name holds a student's facility against the contract
#include "../exercises/own_selector.hpp"
struct OnOwn {
  template <class Data = Nothing>
  class Selector : public BaseSelector<Data> {
   public:
    Selector() : BaseSelector<Data>(make_own()) {}
  };
};
#define FACILITIES OnOwn
#elif defined(__linux__) && defined(SELECTORS_HAVE_KQUEUE)
#define FACILITIES OnDefault, OnEpoll, OnKqueue, OnPoll, OnSelect
#elif defined(__linux__)
#define FACILITIES OnDefault, OnEpoll, OnPoll, OnSelect
#elif defined(_WIN32)
#define FACILITIES OnDefault, OnPoll, OnSelect
#else
#define FACILITIES OnDefault, OnKqueue, OnPoll, OnSelect
#endif

/// Two connected non-blocking sockets.
inline std::pair<Socket, Socket> nonblocking_pair() {
  auto pair = socketpair();
  pair.first.setblocking(false);
  pair.second.setblocking(false);
  return pair;
}

/// How many are ready, walked to the end.
template <class Batch>
int count(const Batch& batch) {
  int ready = 0;
  for ([[maybe_unused]] const auto& event : batch) ++ready;
  return ready;
}

/// True on libkqueue, kqueue's stand-in on Linux: it goes on to report a number that was closed while a duplicate of it
/// lives, reports 512 events at most at once, does not count the time for which the process was stopped (it waits with
/// ppoll), and opens and closes descriptors of its own as it likes, in a thread, after a kqueue was closed too.
inline bool is_libkqueue(const std::string& facility) {
#ifdef __linux__
  return facility == "kqueue";
#else
  static_cast<void>(facility);
  return false;
#endif
}

/// True if the number is an open descriptor of this process.
bool is_open(int fd);

/// The text of what `call` throws as `Error`; empty if it throws nothing.
template <class Error, class Call>
std::string thrown(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}
