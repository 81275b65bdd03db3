// The contract is written once and run on every facility: TEMPLATE_LIST_TEST_CASE("…", "", Facilities).
#pragma once

#include "../support/catch.hpp"

#include <selectors/selectors.hpp>

#include <chrono>
#include <string>
#include <tuple>
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

using Facilities = std::tuple<OnDefault
#ifdef __linux__
                              ,
                              OnEpoll
#endif
#ifdef SELECTORS_HAVE_KQUEUE
                              ,
                              OnKqueue
#endif
                              ,
                              OnPoll, OnSelect>;

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
