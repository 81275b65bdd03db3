#include "../../support/catch.hpp"
#include "../pipe.hpp"
#include "scenario.hpp"

#include <unistd.h>

#include <cerrno>

namespace faults {
namespace {

using namespace selectors;
using namespace std::chrono_literals;

using Selector = BaseSelector<int>;

std::string ready(Selector& selector, const Timeout& timeout) {
  std::string seen;
  for (const auto& [key, mask] : selector.select(timeout)) seen += std::to_string(key.data);
  return seen.empty() ? "nothing" : seen;
}

std::string wait_for_one(const MakeFacility& make, const Timeout& timeout, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  b.send("x");
  const int fd = selector.register_(std::move(a), EVENT_READ, 1).fd;
  std::string outcome = attempt([&] {
    const std::string seen = ready(selector, timeout);
    return seen == "1" ? "ok" : seen;
  });
  if (outcome == "nothing") selector.modify(fd, EVENT_READ | EVENT_WRITE);  // it was taken for closed: once more
  CHECK(selector.get_map().size() == 1);
  CHECK(ready(selector, 1s) == "1");
  return outcome;
}

std::string wait_for_none(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  selector.register_(std::move(a), EVENT_READ, 1);
  const auto start = std::chrono::steady_clock::now();
  std::string outcome = attempt([&] { return ready(selector, 2ms) == "nothing" ? "ok" : "something"; });
  if (outcome == "ok") CHECK(std::chrono::steady_clock::now() - start >= 2ms);
  b.send("x");
  CHECK(ready(selector, 1s) == "1");
  return outcome;
}

std::string wait_beside_closed(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  auto [c, d] = socketpair();
  d.send("x");
  selector.register_(a.fileno(), EVENT_READ, 1);
  selector.register_(std::move(c), EVENT_READ, 2);
  a.close();
  std::string outcome = attempt([&] {
    const std::string seen = ready(selector, 5ms);
    return seen == "2" ? "ok" : seen;
  });
  CHECK(selector.get_map().size() == 2);
  if (outcome != "nothing") CHECK(ready(selector, 1s) == "2");
  return outcome;
}

/// Its events have to be silenced, for which epoll needs a new set; the other key must not be lost by it.
std::string wait_beside_duplicate(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  auto [c, d] = socketpair();
  b.send("x");
  const auto key = selector.register_(std::move(a), EVENT_READ, 1);
  selector.register_(std::move(c), EVENT_READ, 2);
  const int duplicate = dup(key.fd);
  key.fileobj.close();
  std::string outcome = attempt([&] { return ready(selector, 2ms) == "nothing" ? "ok" : "something"; });
  d.send("x");
  CHECK(ready(selector, 1s) == "2");
  close(duplicate);
  return outcome;
}

/// A hang-up counts as both events, but for select(2), which cannot report it to who only waits to write.
std::string wait_after_hang_up(const MakeFacility& make, const Attempt& attempt) {
  Pipe pipe;
  Selector selector(make());
  selector.register_(pipe.reader(), EVENT_WRITE, 1);
  pipe.close_writer();
  const std::string expected = selector.name() == "select" ? "nothing" : "1";
  std::string outcome = attempt([&] {
    const std::string seen = ready(selector, 2ms);
    return seen == expected ? "ok" : seen;
  });
  selector.modify(pipe.reader(), EVENT_READ);
  CHECK(ready(selector, 1s) == "1");
  return outcome;
}

/// What has to come of a wait whose own call fails.
std::string on_wait(const Failure& failure) {
  const auto& [call, error, for_good] = failure;
  if (error == EINTR) return "ok";
  if (call == "pselect" && error == EBADF && !for_good) return "ok";  // it looks for what was closed, and asks again
  if (call == "epoll_pwait2" && (error == ENOSYS || error == EPERM)) return "ok";  // epoll_wait stands in for it
  return call == "epoll_wait" || call == "epoll_pwait2" || call == "poll" || call == "ppoll" || call == "pselect"
             ? ""
             : "ok";
}

}  // namespace

std::vector<Scenario> of_waiting(const MakeFacility& make) {
  const auto on_ready = [](const Failure& failure) {
    // The kernel says that it is closed: it is not waited for any more.
    return failure.call == "fstat" && failure.error == EBADF ? "nothing" : on_wait(failure);
  };
  // Once it has looked for what was closed, the second look can find nothing more.
  const auto lies_twice = [](const Failure& failure) { return failure.call == "pselect" && failure.error == EBADF; };
  const auto on_closed = [=](const Failure& failure) {
    // Of a number that was closed it can say nothing but EBADF, of one that is open never that.
    return lies_twice(failure) || failure.call == "fstat" ? "never" : on_wait(failure);
  };
  const auto on_silencing = [=](const Failure& failure) {
    // It cannot say that what is open and in the set is not.
    const bool lies = failure.call == "epoll_ctl" && (failure.error == EBADF || failure.error == ENOENT);
    return lies || lies_twice(failure) || failure.call == "fstat" ? "never" : on_wait(failure);
  };
  return {
      {"wait for what is ready", [make](const Attempt& a) { return wait_for_one(make, 5ms, a); }, on_ready},
      {"look for what is ready", [make](const Attempt& a) { return wait_for_one(make, 0ms, a); }, on_ready},
      {"wait in vain", [make](const Attempt& a) { return wait_for_none(make, a); }, on_wait},
      {"wait beside a number that was closed", [make](const Attempt& a) { return wait_beside_closed(make, a); },
       on_closed},
      {"wait beside a socket of which a duplicate lives",
       [make](const Attempt& a) { return wait_beside_duplicate(make, a); }, on_silencing},
      {"wait for writing to a pipe's reading end", [make](const Attempt& a) { return wait_after_hang_up(make, a); },
       on_silencing},
  };
}

}  // namespace faults
