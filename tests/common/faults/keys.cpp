#include "../../support/catch.hpp"
#include "scenario.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace faults {
namespace {

using namespace selectors;
using namespace std::chrono_literals;

using Selector = BaseSelector<int>;

/// Without its timer, a SelectSelector has to do.
std::string on_making(const Failure& failure) { return failure.call == "timerfd_create" ? "ok" : ""; }

/// The data of all that is ready now.
std::string ready(Selector& selector) {
  std::string seen;
  for (const auto& [key, mask] : selector.select(0ms)) seen += std::to_string(key.data);
  return seen;
}

std::string make_one(const MakeFacility& make, const Attempt& attempt) {
  return attempt([&] {
    Selector selector(make());
    selector.on_busy_loop({});
    return "ok";
  });
}

std::string register_socket(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  b.send("x");
  const int fd = a.fileno();
  std::string outcome = attempt([&selector, &socket = a] {
    selector.register_(std::move(socket), EVENT_READ, 1);
    return "ok";
  });
  if (outcome != "ok") {
    CHECK(a.fileno() == fd);  // it stays with its owner
    CHECK(selector.get_map().empty());
    CHECK(ready(selector).empty());
    selector.register_(std::move(a), EVENT_READ, 1);
  }
  CHECK(ready(selector) == "1");
  return outcome;
}

std::string register_file(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
  std::string outcome = attempt([&] {
    selector.register_(file, EVENT_READ, 1);
    return "ok";
  });
  if (outcome != "ok") {
    CHECK(selector.get_map().empty());
    selector.register_(file, EVENT_READ, 1);
  }
  CHECK(ready(selector) == "1");
  close(file);
  return outcome;
}

/// A socket or a file, watched for reading and modified to writing.
std::string modify(Selector& selector, int fd, const Attempt& attempt) {
  std::string outcome = attempt([&] {
    selector.modify(fd, EVENT_WRITE, 2);
    return "ok";
  });
  const auto key = selector.get_key(fd);
  if (outcome != "ok") {
    CHECK(key.events == EVENT_READ);
    CHECK(key.data == 1);
    CHECK(ready(selector) == "1");
    selector.modify(fd, EVENT_WRITE, 2);
  }
  CHECK(ready(selector) == "2");
  return outcome;
}

std::string modify_socket(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  b.send("x");
  const int fd = selector.register_(std::move(a), EVENT_READ, 1).fd;
  return modify(selector, fd, attempt);
}

std::string modify_file(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  const int file = open("/dev/null", O_RDWR | O_CLOEXEC);
  selector.register_(file, EVENT_READ, 1);
  std::string outcome = modify(selector, file, attempt);
  close(file);
  return outcome;
}

std::string unregister(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  auto [c, d] = socketpair();
  b.send("x");
  d.send("x");
  const int fd = selector.register_(std::move(a), EVENT_READ, 1).fd;
  selector.register_(std::move(c), EVENT_READ, 2);
  std::string outcome = attempt([&] {
    selector.unregister(fd);
    return "ok";
  });
  if (outcome == "ok") CHECK(selector.get_map().size() == 1);
  CHECK(ready(selector) == (outcome == "ok" ? "2" : "12"));
  return outcome;
}

/// The kernel's set knows a number no more, so that it has to be made anew; the other key must not be lost by it.
std::string unregister_reused(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  auto [c, d] = socketpair();
  auto [alive, peer] = socketpair();
  b.send("x");
  d.send("x");
  const auto key = selector.register_(std::move(a), EVENT_READ, 1);
  const int fd = key.fd;
  selector.register_(std::move(c), EVENT_READ, 2);
  const int duplicate = dup(fd);
  key.fileobj.close();
  const int reused = dup2(alive.fileno(), fd);
  std::string outcome = attempt([&] {
    selector.unregister(fd);
    return "ok";
  });
  CHECK(selector.get_map().size() == 1);
  CHECK(ready(selector) == "2");
  close(duplicate);
  close(reused);
  return outcome;
}

std::string close_one(const MakeFacility& make, const Attempt& attempt) {
  Selector selector(make());
  auto [a, b] = socketpair();
  selector.register_(std::move(a), EVENT_READ, 1);
  return attempt([&] {
    selector.close();
    return "ok";
  });
}

std::string nothing_to_refuse(const Failure&) { return "ok"; }

}  // namespace

std::vector<Scenario> of_keys(const MakeFacility& make) {
  const auto with = [&make](auto run) { return [make, run](const Attempt& attempt) { return run(make, attempt); }; };
  const auto on_register = [](const Failure& failure) {
    // A socket never gives EPERM; what gives it is a file, and is taken for one.
    return failure.call == "epoll_ctl" && failure.error == EPERM ? "ok" : "";
  };
  const auto on_modify = [](const Failure& failure) {
    const auto& [call, error, for_good] = failure;
    if (error == EBADF || (call == "epoll_ctl" && error == ENOENT)) return "StaleKeyError";
    return call == "fstat" ? "ok" : "";  // it could not be looked at: nothing has been seen to change
  };
  const auto on_unregister = [](const Failure& failure) {
    // Nor that what is open and in the set is not.
    return failure.call == "epoll_ctl" && (failure.error == EBADF || failure.error == ENOENT) ? "never" : "ok";
  };
  return {
      {"make a selector", with(make_one), on_making},
      {"register a socket", with(register_socket), on_register},
      {"register a file", with(register_file), on_register},
      {"modify a socket", with(modify_socket), on_modify},
      {"modify a file", with(modify_file), on_modify},
      {"unregister", with(unregister), on_unregister},
      {"unregister a number that was closed and reused", with(unregister_reused), on_unregister},
      {"close a selector", with(close_one), nothing_to_refuse},
  };
}

}  // namespace faults
