#include "../facilities.hpp"

#include <vector>

TEST_CASE("Address refuses bytes that the kernel could not have written") {
  const std::vector<unsigned short> bytes(14, 10);  // AF_INET6 is 10
  CHECK(Address::from_sockaddr(bytes.data(), 28).family() == Family::inet6);
  CHECK_THROWS_AS(Address::from_sockaddr(bytes.data(), 16), ValueError);
  CHECK_THROWS_AS(Address::from_sockaddr(bytes.data(), 0), ValueError);
}
