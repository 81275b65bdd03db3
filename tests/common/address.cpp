#include "facilities.hpp"

#include <sstream>

TEST_CASE("Address is printed as in Python") {
  CHECK(to_string(Address("127.0.0.1", 59850)) == "('127.0.0.1', 59850)");
  CHECK(to_string(Address("::1", 80)) == "('::1', 80, 0, 0)");
  std::ostringstream stream;
  stream << Address("localhost", 1);
  CHECK(stream.str() == "('127.0.0.1', 1)");
}

TEST_CASE("Address can be compared and gives its host and port and family") {
  const Address address("127.0.0.1", 65535);
  CHECK(address == Address("localhost", 65535));
  CHECK_FALSE(address == Address("127.0.0.2", 65535));
  CHECK(address.host() == "127.0.0.1");
  CHECK(address.port() == 65535);
  CHECK(address.family() == Family::inet);
  CHECK(Address("::1", 0).family() == Family::inet6);
}

TEST_CASE("Address reports the name of a host that cannot be looked up") {
  for (const char* const host : {"no.such.host.invalid", "1.2.3.4.5", ":::"}) {
    const auto text = thrown<std::system_error>([&] { const Address address(host, 1); });
    CHECK(text.find("look up host '" + std::string(host) + "'") != text.npos);
  }
}

TEST_CASE("Address resolves localhost without the resolver and treats an empty host as every interface") {
  for (const char* const host : {"localhost", "LocalHost", "localhost.", "chat.localhost", "a.b.LOCALHOST."})
    CHECK(Address(host, 80) == Address("127.0.0.1", 80));
  CHECK(Address("", 80) == Address("0.0.0.0", 80));
  for (const char* const host : {"notlocalhost", "localhost.invalid", ".", "localhos"})
    CHECK_THROWS_AS(Address(host, 80), std::system_error);
}

TEST_CASE("Address prints Unix-domain sockets as Python does") {
  const Address path = Address::unix_domain("/run/chat.sock");
  CHECK(to_string(path) == "'/run/chat.sock'");
  CHECK(path.family() == Family::unix_domain);
  CHECK(path.host() == "/run/chat.sock");
  CHECK(path.port() == 0);
  CHECK(path == Address(path));
  CHECK_FALSE(path == Address::unix_domain("/run/other.sock"));
  CHECK_FALSE(path == Address("127.0.0.1", 0));
  CHECK(to_string(Address::unix_domain(std::string_view("\0chat\xff", 6))) == "b'\\x00chat\\xff'");
  CHECK(to_string(Address::unix_domain("")) == "''");
  Address other("127.0.0.1", 0);
  other = path;
  CHECK(other == path);
  CHECK(Address::from_sockaddr(path.data(), path.size()) == path);
}

TEST_CASE("Address ends a path at its first zero byte whatever follows") {
  const Address path = Address::unix_domain("/run/chat");
  const std::string bytes(static_cast<const char*>(path.data()), path.size());
  for (const std::string& behind : {std::string(1, '\0'), std::string("\0left over", 10)}) {
    const std::string written = bytes + behind;
    CHECK(Address::from_sockaddr(written.data(), written.size()) == path);
    CHECK(to_string(Address::from_sockaddr(written.data(), written.size())) == "'/run/chat'");
  }
}

TEST_CASE("Address refuses a path that no Unix-domain socket can have") {
  CHECK(Address::unix_domain(std::string(107, 'x')).host().size() == 107);
  const auto too_long = thrown<ValueError>([] { return Address::unix_domain(std::string(108, 'x')); });
  CHECK(too_long.find("108 bytes") != too_long.npos);
  CHECK_THROWS_AS(Address::unix_domain(std::string_view("a\0b", 3)), ValueError);
}
