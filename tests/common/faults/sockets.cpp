#include "../../support/catch.hpp"
#include "scenario.hpp"

#include <cerrno>
#include <set>

namespace faults {
namespace {

using namespace selectors;

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
            return attempt([&a = a, &call] { return call(a); });
          },
          std::move(expected)};
}

Socket bound() {
  Socket socket(Family::inet);
  socket.bind(Address("127.0.0.1", 0));
  return socket;
}

Socket listening() {
  Socket socket = bound();
  socket.listen();
  socket.setblocking(false);
  return socket;
}

std::string accept(const Attempt& attempt, Socket listener) {
  Socket client(Family::inet);
  client.connect(listener.getsockname());
  std::string outcome = attempt([&] { return listener.accept() ? "ok" : "nobody"; });
  if (outcome != "ok") CHECK(listener.accept());  // it works again
  return outcome;
}

std::string connect(const Attempt& attempt, bool blocking) {
  const Socket listener = listening();
  Socket client(Family::inet);
  client.setblocking(blocking);
  return attempt([&]() -> std::string {
    if (blocking) {
      client.connect(listener.getsockname());
      return "ok";
    }
    const auto error = client.connect_ex(listener.getsockname());
    const bool good = !error || error == std::errc::operation_in_progress;
    return good ? "ok" : "errno " + std::to_string(error.value());
  });
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
  const auto on_connect = [](const Failure& f) { return f.error == EINTR ? "ok" : ""; };
  const auto on_connecting = [](const Failure& f) { return f.error == EINTR || f.error == EINPROGRESS ? "ok" : ""; };
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
      {"accept without a reserve",
       [](const Attempt& a) { return accept(a, Socket::from_fileno(listening().detach())); }, on_accept},
      {"connect", [](const Attempt& a) { return connect(a, true); }, on_connect},
      {"connect without waiting", [](const Attempt& a) { return connect(a, false); }, on_connecting},
      {"make a pair", pair, refuses},
      {"look up an address", look_up, refuses},
      on_pair("take_error", [](Socket& s) { return s.take_error() ? "error" : "ok"; }),
      on_pair("set SO_REUSEADDR", [](Socket& s) { return s.set_reuse_address(), "ok"; }),
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
