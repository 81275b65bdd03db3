#include "../../support/catch.hpp"
#include "scenario.hpp"

#include <cerrno>
#include <set>

namespace faults {
namespace {

using namespace selectors;
using namespace std::chrono_literals;

/// An attempt on a socket, of which only the answer counts.
template <class Call>
Scenario on_pair(
    std::string name, const Call& call,
    std::function<std::string(const Failure&)> expected = [](const Failure&) { return ""; }) {
  return {std::move(name),
          [call](const Attempt& attempt) {
            auto [a, b] = socketpair();
            a.setblocking(false);
            b.send("x");
            return attempt([&socket = a, &call] { return call(socket); });
          },
          std::move(expected)};
}

/// A free port, or a free abstract name.
Address any(Family family) {
  return family == Family::unix_domain ? Address::unix_domain("") : Address("127.0.0.1", 0);
}

Socket bound(Family family = Family::inet) {
  Socket socket(family);
  socket.bind(any(family));
  return socket;
}

Socket listening(Family family = Family::inet) {
  Socket socket = bound(family);
  socket.listen();
  socket.setblocking(false);
  return socket;
}

Scenario on_inet(std::string name, const std::function<std::string(Socket&)>& call) {
  return {std::move(name),
          [call](const Attempt& attempt) {
            Socket socket = bound();
            return attempt([&] { return call(socket); });
          },
          [](const Failure&) { return ""; }};
}

std::string accept(const Attempt& attempt, Socket listener) {
  Socket client(listener.getsockname().family());
  client.connect(listener.getsockname());
  std::string outcome = attempt([&] { return listener.accept() ? "ok" : "nobody"; });
  if (outcome != "ok") CHECK(listener.accept());  // it works again
  return outcome;
}

std::string connect(const Attempt& attempt, bool blocking, Family family = Family::inet) {
  const Socket listener = listening(family);
  const Address address = listener.getsockname();
  Socket client(family);
  client.setblocking(blocking);
  return attempt([&]() -> std::string {
    if (blocking) {
      client.connect(address);
      return "ok";
    }
    const auto error = client.connect_ex(address);
    const bool good = !error || error == std::errc::operation_in_progress;
    return good ? "ok" : "errno " + std::to_string(error.value());
  });
}

/// With nobody there but itself. What comes of it: refused, or connected if the two names could not be asked for.
std::string connect_to_itself(const Attempt& attempt, bool blocking) {
  Socket socket = bound();
  socket.setblocking(blocking);
  const Address own = socket.getsockname();
  std::string outcome = attempt([&]() -> std::string {
    auto error = socket.connect_ex(own);
    if (error == std::errc::operation_in_progress) error = socket.take_error();
    return error ? "ok" : "connected";
  });
  if (outcome == "ok") CHECK_THROWS_AS(socket.send("to myself"), ConnectionError);
  return outcome;
}

std::string on_accept(const Failure& failure) {
  if (failure.call == "open") return "ok";  // the reserve is made next time
  static const std::set<int> again = {EINTR, ECONNABORTED, EPROTO};
  static const std::set<int> nobody = {EAGAIN,     ENETDOWN,    ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
                                       EOPNOTSUPP, ENETUNREACH, EPERM,       ENOBUFS,   ENOMEM};
  if (again.contains(failure.error)) return "ok";
  return nobody.contains(failure.error) ? "nobody" : "";
}

/// The program's own mistake is one error, the connection's end another.
std::string on_transfer(const Failure& failure) {
  const int error = failure.error;
  static const std::set<int> mistakes = {EBADF, ENOTSOCK, EINVAL, EFAULT, EOPNOTSUPP};
  if (error == EINTR) return "ok";
  if (error == EAGAIN) return "would block";
  return mistakes.contains(error) ? "" : "connection " + std::to_string(error);
}

}  // namespace

std::vector<Scenario> of_sockets() {
  const auto refuses = [](const Failure&) { return ""; };
  // Whether it is connected to itself may stay unknown: then it is taken for a connection like any other.
  const auto asks_names = [](const Failure& f) { return f.call == "getsockname" || f.call == "getpeername"; };
  const auto on_connect = [=](const Failure& f) { return f.error == EINTR || asks_names(f) ? "ok" : ""; };
  const auto on_connecting = [=](const Failure& f) {
    return f.error == EINTR || f.error == EINPROGRESS || asks_names(f) ? "ok" : "";
  };
  const auto on_itself = [=](const Failure& f) {
    if (f.call == "connect" && f.error == EINPROGRESS) return "never";  // on the loopback it is done at once
    return asks_names(f) ? "connected" : "ok";
  };
  const auto on_itself_late = [=](const Failure& f) {
    return f.call == "getsockopt" ? "never"
                                  : on_itself(f);  // that of take_error and the later one are tried by themselves
  };
  const auto with_reserve = [](const Failure& f) -> std::string {
    if (f.error == EMFILE || f.error == ENFILE) return f.for_good && f.call == "accept4" ? "nobody" : "ok";
    return on_accept(f);
  };
  const auto make = [](const Attempt& attempt) {
    return attempt([] { return Socket(Family::inet6).fileno() >= 0 ? "ok" : "empty"; });
  };
  const auto bind = [](const Attempt& attempt) {
    Socket socket(Family::inet);
    const Address address("127.0.0.1", 0);
    return attempt([&] { return socket.bind(address), "ok"; });
  };
  const auto listen = [](const Attempt& attempt) {
    Socket socket = bound();
    return attempt([&] { return socket.listen(), "ok"; });
  };
  const auto pair = [](const Attempt& attempt) {
    return attempt([] { return socketpair().first.fileno() >= 0 ? "ok" : "empty"; });
  };
  const auto look_up = [](const Attempt& attempt) { return attempt([] { return Address("127.0.0.1", 1), "ok"; }); };
  return {
      {"make a socket", make, refuses},
      {"bind", bind, refuses},
      {"listen", listen, refuses},
      {"accept", [](const Attempt& a) { return accept(a, listening()); }, with_reserve},
      {"accept on a Unix-domain socket", [](const Attempt& a) { return accept(a, listening(Family::unix_domain)); },
       with_reserve},
      {"accept without a reserve",
       [](const Attempt& a) { return accept(a, Socket::from_fileno(listening().detach())); }, on_accept},
      {"connect", [](const Attempt& a) { return connect(a, true); }, on_connect},
      {"connect without waiting", [](const Attempt& a) { return connect(a, false); }, on_connecting},
      {"connect to a Unix-domain socket", [](const Attempt& a) { return connect(a, true, Family::unix_domain); },
       on_connect},
      {"connect to a Unix-domain socket without waiting",
       [](const Attempt& a) { return connect(a, false, Family::unix_domain); }, on_connecting},
      {"connect to itself", [](const Attempt& a) { return connect_to_itself(a, true); }, on_itself},
      {"connect to itself without waiting", [](const Attempt& a) { return connect_to_itself(a, false); },
       on_itself_late},
      {"make a pair", pair, refuses},
      {"look up an address", look_up, refuses},
      on_pair(
          "take_error", [](Socket& s) { return s.take_error() ? "error" : "ok"; },
          [=](const Failure& f) { return asks_names(f) ? "ok" : ""; }),
      on_pair("set SO_REUSEADDR", [](Socket& s) { return s.set_reuse_address(), "ok"; }),
      on_inet("set TCP_NODELAY", [](Socket& s) { return s.set_no_delay(), "ok"; }),
      on_inet("get TCP_NODELAY", [](Socket& s) { return s.get_no_delay() ? "on" : "ok"; }),
      on_inet("set keep-alive", [](Socket& s) { return s.set_keep_alive(30s, 10s, 3), "ok"; }),
      on_inet("set TCP_USER_TIMEOUT", [](Socket& s) { return s.set_user_timeout(60s), "ok"; }),
      on_pair(
          "send", [](Socket& s) { return s.send("x") == 1 ? "ok" : "would block"; }, on_transfer),
      on_pair(
          "recv", [](Socket& s) { return s.recv(1) ? "ok" : "would block"; }, on_transfer),
      on_pair("setblocking", [](Socket& s) { return s.setblocking(true), "ok"; }),
      on_pair("getblocking", [](Socket& s) { return s.getblocking() ? "blocking" : "ok"; }),
      on_pair("shutdown", [](Socket& s) { return s.shutdown(Shutdown::write), "ok"; }),
      {"getsockname",
       [](const Attempt& a) {
         const Socket socket = bound();
         return a([&] { return socket.getsockname().port() > 0 ? "ok" : "no port"; });
       },
       refuses},
      {"getpeername",
       [](const Attempt& a) {
         const Socket listener = listening();
         Socket client(Family::inet);
         client.connect(listener.getsockname());
         return a([&] { return client.getpeername() == listener.getsockname() ? "ok" : "somebody else"; });
       },
       refuses},
  };
}

}  // namespace faults
