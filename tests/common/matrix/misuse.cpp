#include "helpers.hpp"

namespace matrix {
namespace {

std::string closed_number(Selector& selector) {
  Pipe gone;
  Pipe other;
  selector.register_(gone.reader(), EVENT_READ, 1);
  selector.register_(other.reader(), EVENT_READ, 2);
  const int fd = gone.drop_reader();
  const std::string idle = rest(selector);
  other.fill();
  return tell({idle, ", the others are served: ", look(selector, 1s),
               ", unregister: ", outcome([&] { selector.unregister(fd); })});
}

std::string closed_socket(Selector& selector) {
  auto [ours, theirs] = socketpair();
  const auto key = selector.register_(std::move(ours), EVENT_READ, 1);
  key.fileobj.close();
  return tell({rest(selector), ", modify: ", outcome([&] { selector.modify(key.fileobj, EVENT_WRITE); }),
               ", unregister: ", outcome([&] { selector.unregister(key.fileobj); })});
}

std::string modify_closed_number(Selector& selector) {
  Pipe pipe;
  selector.register_(pipe.reader(), EVENT_READ, 1);
  const int fd = pipe.drop_reader();
  const std::string at_once = outcome([&] { selector.modify(fd, EVENT_WRITE); });
  rest(selector);
  return at_once + ", later: " + outcome([&] { selector.modify(fd, EVENT_WRITE); });
}

/// Registers a number, closes it and gives it to another pipe, in which something waits.
template <class Then>
std::string with_reused_number(Selector& selector, const Then& then) {
  Pipe former;
  Pipe stranger;
  selector.register_(former.reader(), EVENT_READ, 1);
  const int fd = former.drop_reader();
  const Under reused(fd, stranger.reader());
  stranger.fill();
  return then(fd);
}

/// The same with a regular file, which is always ready.
template <class Then>
std::string with_reused_file(Selector& selector, const Then& then) {
  const int fd = open_file();
  selector.register_(fd, EVENT_READ, 1);
  close_number(fd);
  Pipe stranger;
  const Under reused(fd, stranger.reader());
  stranger.fill();
  return then(fd);
}

std::string reused_unregister(Selector& selector) {
  return with_reused_number(selector, [&](int fd) {
    const auto old = outcome([&] { selector.unregister(fd); });
    selector.register_(fd, EVENT_READ, 2);
    return old + ", then the new one is served: " + look(selector, 1s);
  });
}

std::string duplicate_of_number(Selector& selector, bool unregistered) {
  Pipe pipe;
  selector.register_(pipe.reader(), EVENT_READ, 1);
  const int alive = duplicate(pipe.reader());
  const int fd = pipe.drop_reader();
  if (unregistered) selector.unregister(fd);
  pipe.fill();
  std::string idle = rest(selector);
  close_number(alive);
  return idle;
}

std::string duplicate_of_socket(Selector& selector) {
  auto [ours, theirs] = socketpair();
  const auto key = selector.register_(std::move(ours), EVENT_READ, 1);
  const int alive = duplicate(key.fd);
  key.fileobj.close();
  theirs.send("x");
  std::string idle = rest(selector);
  close_number(alive);
  return idle;
}

std::string moved_out(Selector& selector) {
  auto [ours, theirs] = socketpair();
  const auto key = selector.register_(std::move(ours), EVENT_READ, 1);
  Socket taken = std::move(key.fileobj);
  theirs.send("x");
  return tell(
      {rest(selector), ", registered again: ", outcome([&] { selector.register_(std::move(taken), EVENT_READ, 2); })});
}

std::string keeps_key(Selector& selector, const std::function<void(const SelectorKey<int>&)>& mistake) {
  auto [ours, theirs] = socketpair();
  const auto key = selector.register_(std::move(ours), EVENT_READ, 1);
  const std::string answer = outcome([&] { mistake(key); });
  theirs.send("x");
  return answer + ", the key stays: " + look(selector, 1s);
}

std::string beyond_fd_setsize(Selector& selector) {
  const Pipe pipe;
  const int high = duplicate_high(pipe.reader());
  pipe.fill();
  std::string answer = outcome([&] { selector.register_(high, EVENT_READ, 1); });
  answer += ", then: " + look(selector);
  close_number(high);
  return answer;
}

std::string after_close(Selector& selector, const std::function<void(Selector&)>& call) {
  const Pipe pipe;
  selector.register_(pipe.reader(), EVENT_READ, 1);
  selector.close();
  return outcome([&] { call(selector); });
}

/// A call in the child, and what the parent sees afterwards.
std::string after_fork(Selector& selector, const std::function<void(Selector&, int)>& call) {
  const Pipe pipe;
  selector.register_(pipe.reader(), EVENT_READ, 1);
  const std::string answer = in_child([&] { return outcome([&] { call(selector, pipe.reader()); }); });
  const std::string idle = rest(selector);
  pipe.fill();
  return answer + ", the parent " + idle + " and is served: " + look(selector, 1s);
}

}  // namespace

std::vector<Question> misuse() {
  const std::string undisturbed = ", the parent sleeps and is served: 1 READ";
  return {
      {"a registered number is closed", "sleeps, the others are served: 2 READ, unregister: done", closed_number},
      {"a registered socket is closed in its place", "sleeps, modify: StaleKeyError, unregister: done", closed_socket},
      {"`modify` of a number that was closed", "StaleKeyError, later: StaleKeyError", modify_closed_number},
      {"`register_` of a number that is not open", "system_error EBADF",
       [](Selector& s) {
         const int fd = Pipe().reader();
         return outcome([&] { s.register_(fd, EVENT_READ, 1); });
       }},
      {"a number is closed and reused: the other's events", "sleeps",
       [](Selector& s) { return with_reused_number(s, [&](int) { return rest(s); }); }},
      {"a number is closed and reused: `register_`", "StaleKeyError",
       [](Selector& s) {
         return with_reused_number(s, [&](int fd) { return outcome([&] { s.register_(fd, EVENT_READ, 2); }); });
       }},
      {"a number is closed and reused: `modify`", "StaleKeyError",
       [](Selector& s) {
         return with_reused_number(s, [&](int fd) { return outcome([&] { s.modify(fd, EVENT_WRITE); }); });
       }},
      {"a number is closed and reused: `unregister`", "done, then the new one is served: 2 READ", reused_unregister},
      {"a file is closed and its number reused: its events", "sleeps, then `modify`: StaleKeyError",
       [](Selector& s) {
         return with_reused_file(s, [&](int fd) {
           return tell({rest(s), ", then `modify`: ", outcome([&] { s.modify(fd, EVENT_WRITE); })});
         });
       }},
      {"a file is closed and its number reused: `register_`", "StaleKeyError",
       [](Selector& s) {
         return with_reused_file(s, [&](int fd) { return outcome([&] { s.register_(fd, EVENT_READ, 2); }); });
       }},
      {"a number is closed while a duplicate lives, and unregistered", "sleeps",
       [](Selector& s) { return duplicate_of_number(s, true); }},
      {"a number is closed while a duplicate lives", "sleeps",
       [](Selector& s) { return duplicate_of_number(s, false); }},
      {"a registered socket is closed while a duplicate lives", "sleeps", duplicate_of_socket},
      {"a socket is moved out of its key", "sleeps, registered again: StaleKeyError", moved_out},
      {"`register_` of what is registered", "KeyError, the key stays: 1 READ",
       [](Selector& s) { return keeps_key(s, [&](const auto& key) { s.register_(key.fd, EVENT_READ, 2); }); }},
      {"`register_` with an empty mask", "ValueError",
       [](Selector& s) { return outcome([&] { s.register_(Pipe().reader(), {}, 1); }); }},
      {"`modify` to an empty mask", "ValueError, the key stays: 1 READ",
       [](Selector& s) { return keeps_key(s, [&](const auto& key) { s.modify(key.fileobj, {}); }); }},
      {"`modify` to an unknown mask", "ValueError, the key stays: 1 READ",
       [](Selector& s) { return keeps_key(s, [&](const auto& key) { s.modify(key.fileobj, EventMask(5)); }); }},
      {"`register_` of a negative number or an empty socket", "ValueError, ValueError",
       [](Selector& s) {
         return tell({outcome([&] { s.register_(-10, EVENT_READ, 1); }), ", ",
                      outcome([&] { s.register_(Socket(), EVENT_READ, 1); })});
       }},
      {"`modify`, `unregister`, `get_key` of what is not registered", "KeyError, KeyError, KeyError",
       [](Selector& s) {
         return tell({outcome([&] { s.modify(0, EVENT_READ); }), ", ", outcome([&] { s.unregister(0); }), ", ",
                      outcome([&] { static_cast<void>(s.get_key(0)); })});
       }},
      {"`unregister` twice", "KeyError",
       [](Selector& s) {
         const Pipe pipe;
         s.register_(pipe.reader(), EVENT_READ, 1);
         s.unregister(pipe.reader());
         return outcome([&] { s.unregister(pipe.reader()); });
       }},
      {"a number of 1,024 (`FD_SETSIZE`) or more", "done, then: 1 READ", beyond_fd_setsize,
       "ValueError, then: nothing"},
      {"`select` after `close`", "ValueError",
       [](Selector& s) { return after_close(s, [](Selector& closed) { look(closed); }); }},
      {"`register_` after `close`", "ValueError",
       [](Selector& s) { return after_close(s, [](Selector& closed) { closed.register_(0, EVENT_READ, 1); }); }},
      {"`get_key` and `get_map` after `close`", "ValueError",
       [](Selector& s) {
         return after_close(s, [](Selector& closed) {
           if (outcome([&] { static_cast<void>(closed.get_key(0)); }) == "ValueError")
             static_cast<void>(closed.get_map());
         });
       }},
      {"the child of fork(2) calls `select`", "ValueError" + undisturbed,
       [](Selector& s) { return after_fork(s, [](Selector& child, int) { look(child); }); }},
      {"the child of fork(2) calls `unregister`", "ValueError" + undisturbed,
       [](Selector& s) { return after_fork(s, [](Selector& child, int fd) { child.unregister(fd); }); }},
      {"the child of fork(2) calls `modify`", "ValueError" + undisturbed,
       [](Selector& s) { return after_fork(s, [](Selector& child, int fd) { child.modify(fd, EVENT_WRITE); }); }},
      {"the child of fork(2) registers a pipe of its own", "ValueError" + undisturbed,
       [](Selector& s) {
         return after_fork(s, [](Selector& child, int) {
           const Pipe own;
           child.register_(own.writer(), EVENT_WRITE, 2);
         });
       }},
  };
}

}  // namespace matrix
