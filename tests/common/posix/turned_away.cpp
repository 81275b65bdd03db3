#include "../facilities.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace {

/// A limit just above the descriptors that are open: there is no further one.
class NoneLeft {
 public:
  NoneLeft() {
    getrlimit(RLIMIT_NOFILE, &before_);
    const int free = fcntl(0, F_DUPFD, 0);
    close(free);
    const rlimit none{static_cast<rlim_t>(free), before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &none);
  }
  NoneLeft(const NoneLeft&) = delete;
  NoneLeft& operator=(const NoneLeft&) = delete;
  ~NoneLeft() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_{};
};

std::vector<std::string> told;

/// Hears of clients that are turned away, from now until its end, and forgets what was before.
class Listening {
 public:
  Listening() : before_(on_turned_away([](std::string_view what) { told.emplace_back(what); })) { told.clear(); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() { on_turned_away(before_); }

 private:
  TurnedAwayHandler before_;
};

struct Door {
  Socket listener{Family::inet};
  std::vector<Socket> clients;

  explicit Door(int count) {
    listener.bind(Address("127.0.0.1", 0));
    listener.listen();
    listener.setblocking(false);
    for (int i = 0; i < count; ++i) clients.emplace_back(Family::inet).connect(listener.getsockname());
  }
};

void pass_an_incident() { std::this_thread::sleep_for(std::chrono::milliseconds(1050)); }

}  // namespace

TEST_CASE("clients that are turned away are closed at once and reported once per incident") {
  pass_an_incident();
  const Listening listening;
  Door door(3);
  {
    const NoneLeft none_left;
    for (const auto& client : door.clients) {
      CHECK_FALSE(door.listener.accept());
      CHECK(client.fileno() >= 0);
    }
  }
  for (auto& client : door.clients) CHECK(client.recv(1) == "");
  REQUIRE(told.size() == 1);
  CHECK(told[0] == "accept on fd " + std::to_string(door.listener.fileno()) +
                       ": Too many open files; new clients are turned away until another client leaves (ulimit -n "
                       "raises the limit)");
}

TEST_CASE("an incident is over when nobody has been turned away for a second") {
  pass_an_incident();
  const Listening listening;
  for (std::size_t incident = 1; incident <= 2; ++incident) {
    Door door(2);
    {
      const NoneLeft none_left;
      CHECK_FALSE(door.listener.accept());
    }
    pass_an_incident();
    CHECK(told.size() == incident);
  }
}

TEST_CASE("a client that is accepted after all is not reported as turned away") {
  pass_an_incident();
  const Listening listening;
  Door door(1);
  CHECK(door.listener.accept());
  CHECK_FALSE(door.listener.accept());
  CHECK(told.empty());
}

TEST_CASE("an incident is reported once whatever the reasons for turning clients away") {
  pass_an_incident();
  const Listening listening;
  Door door(2);
  {
    const NoneLeft none_left;
    CHECK_FALSE(door.listener.accept());
  }
  tell_turned_away("the house is full");
  REQUIRE(told.size() == 1);
  pass_an_incident();
  tell_turned_away("the house is full");
  REQUIRE(told.size() == 2);
  CHECK(told[1] == "the house is full");
}
