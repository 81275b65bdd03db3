// cost-probe MODE TURNS: does one thing so many times, for valgrind and strace to count. What a turn costs is the
// difference between two runs: all that happens once, the start of the program too, is the same in both.
#include <selectors/selectors.hpp>

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace selectors;

namespace {

using Callback = std::function<void(Socket&, EventMask)>;

constexpr int hot_sockets = 100;

/// Pairs whose first ends have something to read for as long as nobody reads it.
std::vector<std::pair<Socket, Socket>> readable_pairs(int count = hot_sockets) {
  std::vector<std::pair<Socket, Socket>> pairs;
  for (int i = 0; i < count; ++i) {
    pairs.push_back(socketpair());
    pairs.back().second.send("x");
  }
  return pairs;
}

/// The callback that all loops share. What it does is what is subtracted.
Callback counting(long& calls) {
  return [&calls](Socket&, EventMask) { ++calls; };
}

/// The loop of the book. Apart, and handed its selector: where the compiler sees all that ever holds a selector, it
/// knows that no callback touches it and leaves out what the walk looks at again after each, which no real program is
/// spared.
[[gnu::noinline]] void walk(BaseSelector<Callback>& selector, long turns) {
  for (long turn = 0; turn < turns; ++turn)
    for (const auto& [key, mask] : selector.select()) key.data(key.fileobj, mask);
}

/// That loop with every socket ready in every turn.
long loop(long turns, int sockets) {
  long calls = 0;
  EpollSelector<Callback> selector;
  auto pairs = readable_pairs(sockets);
  for (auto& [a, b] : pairs) selector.register_(std::move(a), EVENT_READ, counting(calls));
  walk(selector, turns);
  return calls - turns * sockets;
}

/// The same with data of another type than a function.
[[gnu::noinline]] void count(BaseSelector<long*>& selector, long turns) {
  for (long turn = 0; turn < turns; ++turn)
    for (const auto& [key, mask] : selector.select()) ++*key.data;
}

long hot_typed(long turns) {
  long calls = 0;
  EpollSelector<long*> selector;
  auto pairs = readable_pairs();
  for (auto& [a, b] : pairs) selector.register_(std::move(a), EVENT_READ, &calls);
  count(selector, turns);
  return calls - turns * hot_sockets;
}

long hot(long turns) { return loop(turns, hot_sockets); }

long lone(long turns) { return loop(turns, 1); }

/// The same calls of the same callbacks with nothing around them.
long empty(long turns) {
  long calls = 0;
  auto pairs = readable_pairs();
  const std::vector<Callback> callbacks(hot_sockets, counting(calls));
  for (long turn = 0; turn < turns; ++turn)
    for (std::size_t i = 0; i < hot_sockets; ++i) callbacks[i](pairs[i].first, EVENT_READ);
  return calls - turns * hot_sockets;
}

/// The same loop as somebody writes it who needs none of the library's promises: epoll hands a pointer back.
long raw(long turns) {
  struct Connection {
    Socket socket;
    Callback callback;
  };
  long calls = 0;
  std::vector<Connection> connections;
  for (auto& [a, b] : readable_pairs()) connections.push_back({std::move(a), counting(calls)});
  const int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  for (Connection& connection : connections) {
    epoll_event event{.events = EPOLLIN, .data = {.ptr = &connection}};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, connection.socket.fileno(), &event);
  }
  std::array<epoll_event, 256> events{};
  for (long turn = 0; turn < turns; ++turn) {
    const int count = epoll_wait(epoll_fd, events.data(), static_cast<int>(events.size()), -1);
    for (int i = 0; i < count; ++i) {
      auto& connection = *static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr);
      connection.callback(connection.socket,
                          events[static_cast<std::size_t>(i)].events & EPOLLIN ? EVENT_READ : EVENT_WRITE);
    }
  }
  close(epoll_fd);
  return calls - turns * hot_sockets;
}

/// register_, modify, unregister.
long life(long turns) {
  EpollSelector<int> selector;
  auto [a, b] = socketpair();
  for (long turn = 0; turn < turns; ++turn) {
    const auto key = selector.register_(std::move(a), EVENT_READ);
    selector.modify(key, EVENT_WRITE);
    a = selector.unregister(key).fileobj;
  }
  return a.fileno() < 0 ? 1 : 0;
}

/// The same for a number.
long life_of_a_number(long turns) {
  EpollSelector<int> selector;
  auto [a, b] = socketpair();
  for (long turn = 0; turn < turns; ++turn) {
    selector.register_(a.fileno(), EVENT_READ);
    selector.modify(a, EVENT_WRITE);
    selector.unregister(a);
  }
  return selector.get_map().empty() ? 0 : 1;
}

/// One socket that is modified in every turn.
template <class Change>
long modified(long turns, const Change& change) {
  EpollSelector<long> selector;
  auto [a, b] = socketpair();
  selector.register_(a.fileno(), EVENT_READ);
  for (long turn = 0; turn < turns; ++turn) change(selector, a, turn);
  return 0;
}

EventMask other_events(long turn) { return turn % 2 == 0 ? EVENT_WRITE : EVENT_READ; }

long modify_events(long turns) {
  return modified(turns, [](auto& selector, auto& socket, long turn) { selector.modify(socket, other_events(turn)); });
}

long modify_data(long turns) {
  return modified(turns, [](auto& selector, auto& socket, long turn) { selector.modify(socket, EVENT_READ, turn); });
}

long modify_both(long turns) {
  return modified(turns,
                  [](auto& selector, auto& socket, long turn) { selector.modify(socket, other_events(turn), turn); });
}

long modify_nothing(long turns) {
  return modified(turns, [](auto& selector, auto& socket, long) { selector.modify(socket, EVENT_READ); });
}

/// Says whether instructions may be counted here: only those of an optimised program mean anything.
const char* build() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return "sanitized";
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
  return "sanitized";
#endif
#endif
#if defined(__OPTIMIZE__) && !defined(__OPTIMIZE_SIZE__)
  return "optimised";
#else
  return "not optimised for speed";
#endif
}

const std::map<std::string_view, long (*)(long)> modes = {
    {"hot", hot},
    {"hot-typed", hot_typed},
    {"lone", lone},
    {"empty", empty},
    {"raw", raw},
    {"life", life},
    {"life-of-a-number", life_of_a_number},
    {"modify-events", modify_events},
    {"modify-data", modify_data},
    {"modify-both", modify_both},
    {"modify-nothing", modify_nothing},
};

}  // namespace

int main(int argc, char** argv) try {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments == std::vector<std::string>{"build"}) {
    std::cout << build() << '\n';
    return 0;
  }
  if (arguments.size() == 2)
    if (const auto mode = modes.find(arguments[0]); mode != modes.end())
      return mode->second(std::stol(arguments[1])) == 0 ? 0 : 1;
  std::cerr << "usage: cost-probe MODE TURNS, or: cost-probe build\n";
  return 2;
} catch (const std::exception& error) {
  std::cerr << "cost-probe: " << error.what() << '\n';
  return 1;
}
