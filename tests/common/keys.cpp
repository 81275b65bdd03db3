// What is registered: register_, modify, unregister, get_key, get_map, close.
#include "facilities.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <memory>

TEMPLATE_TEST_CASE("register_ takes ownership of the socket and returns its key", "[test_register]", FACILITIES) {
  typename TestType::template Selector<int> selector;
  auto [a, b] = nonblocking_pair();
  const int fd = a.fileno();
  const auto key = selector.register_(std::move(a), EVENT_READ, 42);
  CHECK(a.fileno() == -1);
  CHECK(key.fileobj.fileno() == fd);
  CHECK(key.fd == fd);
  CHECK(key.events == EVENT_READ);
  CHECK(key.data == 42);
}

TEMPLATE_TEST_CASE("register_ watches a plain descriptor without owning it", "[test_register]", FACILITIES) {
  auto [a, b] = nonblocking_pair();
  {
    typename TestType::template Selector<> selector;
    const auto key = selector.register_(a.fileno(), EVENT_WRITE);
    CHECK(key.fileobj.fileno() == -1);
    CHECK(key.fd == a.fileno());
    CHECK(count(selector.select(0s)) == 1);
  }
  CHECK(is_open(a.fileno()));
}

TEMPLATE_TEST_CASE("register_ refuses an empty or unknown mask and leaves the socket with its owner", "[test_register]",
                   FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  CHECK_THROWS_AS(selector.register_(std::move(a), EventMask()), ValueError);
  CHECK_THROWS_AS(selector.register_(std::move(a), EventMask(8)), ValueError);
  CHECK_THROWS_AS(selector.register_(std::move(a), EVENT_READ | EventMask(4)), ValueError);
  CHECK(is_open(a.fileno()));
  CHECK(selector.get_map().empty());
}

TEMPLATE_TEST_CASE("register_ refuses an empty socket and a negative descriptor", "[test_register]", FACILITIES) {
  typename TestType::template Selector<> selector;
  CHECK_THROWS_AS(selector.register_(Socket(), EVENT_READ), ValueError);
  CHECK_THROWS_AS(selector.register_(-10, EVENT_READ), ValueError);
}

TEMPLATE_TEST_CASE("register_ refuses a descriptor that is already registered", "[test_register]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ);
  CHECK_THROWS_AS(selector.register_(a.fileno(), EVENT_READ), KeyError);
  CHECK_THROWS_AS(selector.register_(std::move(a), EVENT_READ), KeyError);
  CHECK(is_open(a.fileno()));
  CHECK(selector.get_map().size() == 1);
}

TEMPLATE_TEST_CASE("register_ refuses a descriptor that is not open and names it", "[test_register_bad_fd]",
                   FACILITIES) {
  typename TestType::template Selector<> selector;
  const int closed = nonblocking_pair().first.fileno();
  const auto text = thrown<std::system_error>([&] { selector.register_(closed, EVENT_READ); });
  CHECK(text.find("fd " + std::to_string(closed)) != text.npos);
  CHECK(text.find("Bad file descriptor") != text.npos);
  CHECK_THROWS_AS(selector.register_(std::numeric_limits<int>::max(), EVENT_READ), std::exception);
  CHECK(selector.get_map().empty());
}

TEMPLATE_TEST_CASE("unregister returns the socket with its events and data", "[test_unregister]", FACILITIES) {
  typename TestType::template Selector<std::string> selector;
  auto [a, b] = nonblocking_pair();
  const int fd = selector.register_(std::move(a), EVENT_READ, "beside it").fd;
  {
    const auto key = selector.unregister(fd);
    CHECK(key.fileobj.fileno() == fd);
    CHECK(key.fd == fd);
    CHECK(key.events == EVENT_READ);
    CHECK(key.data == "beside it");
    CHECK(is_open(fd));
    CHECK(selector.get_map().empty());
  }
  CHECK_FALSE(is_open(fd));
}

TEMPLATE_TEST_CASE("unregister throws KeyError for a descriptor that is not registered", "[test_unregister]",
                   FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  CHECK_THROWS_AS(selector.unregister(a), KeyError);
  selector.register_(a.fileno(), EVENT_READ);
  selector.unregister(a);
  CHECK_THROWS_AS(selector.unregister(a), KeyError);
  CHECK_THROWS_AS(selector.unregister(1'000'000), KeyError);
}

TEMPLATE_TEST_CASE("unregister works after the descriptor was closed", "[test_unregister_after_fd_close]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  const int watched = a.fileno();
  selector.register_(watched, EVENT_READ);
  selector.register_(b.fileno(), EVENT_WRITE);
  a.close();
  CHECK(selector.unregister(watched).fd == watched);
  CHECK(selector.get_map().size() == 1);
}

TEMPLATE_TEST_CASE("unregister works after the socket was closed inside the selector",
                   "[test_unregister_after_socket_close]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  Socket& inside = selector.register_(std::move(a), EVENT_READ).fileobj;
  const int other = selector.register_(std::move(b), EVENT_READ).fd;
  inside.close();
  selector.unregister(inside);  // it has no number any more
  selector.get_key(other).fileobj.close();
  selector.unregister(other);
  CHECK(selector.get_map().empty());
}

TEMPLATE_TEST_CASE("modify changes events and data", "[test_modify]", FACILITIES) {
  typename TestType::template Selector<int> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ, 1);
  CHECK(selector.modify(a, EVENT_WRITE).events == EVENT_WRITE);
  CHECK(selector.get_key(a).data == 1);
  CHECK(count(selector.select(0s)) == 1);
  CHECK(selector.modify(a, EVENT_READ, 2).data == 2);
  CHECK(selector.get_key(a).events == EVENT_READ);
  CHECK(selector.select(0s).empty());
}

TEMPLATE_TEST_CASE("modify refuses what register_ refuses and keeps the key", "[test_modify]", FACILITIES) {
  typename TestType::template Selector<int> selector;
  auto [a, b] = nonblocking_pair();
  CHECK_THROWS_AS(selector.modify(a, EVENT_READ), KeyError);
  selector.register_(a.fileno(), EVENT_READ, 7);
  CHECK_THROWS_AS(selector.modify(a, EventMask()), ValueError);
  CHECK_THROWS_AS(selector.modify(a, EventMask(4), 8), ValueError);
  CHECK(selector.get_key(a).events == EVENT_READ);
  CHECK(selector.get_key(a).data == 7);
}

TEMPLATE_TEST_CASE("a modify that the kernel refuses leaves the key unchanged", "[test_modify_unregister]",
                   FACILITIES) {
  typename TestType::template Selector<int> selector;
  auto [a, b] = nonblocking_pair();
  const int fd = a.fileno();
  selector.register_(fd, EVENT_READ, 1);
  a.close();
  CHECK_THROWS_AS(selector.modify(fd, EVENT_WRITE, 2), StaleKeyError);
  CHECK(selector.get_key(fd).events == EVENT_READ);
  CHECK(selector.get_key(fd).data == 1);
  selector.unregister(fd);
}

TEMPLATE_TEST_CASE("data need not be copyable", "", FACILITIES) {
  typename TestType::template Selector<std::unique_ptr<int>> selector;
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ, std::make_unique<int>(5));
  CHECK(*selector.get_key(a).data == 5);
  selector.modify(a, EVENT_READ, std::make_unique<int>(6));
  CHECK(*selector.unregister(a).data == 6);
}

TEMPLATE_TEST_CASE("get_key finds a key by its socket or descriptor or key", "[test_get_key]", FACILITIES) {
  typename TestType::template Selector<int> selector;
  auto [a, b] = nonblocking_pair();
  const auto key = selector.register_(std::move(a), EVENT_READ, 3);
  CHECK(selector.get_key(key.fileobj).data == 3);
  CHECK(selector.get_key(key.fd).data == 3);
  CHECK(selector.get_key(key).data == 3);
  CHECK_THROWS_AS(selector.get_key(b), KeyError);
}

TEMPLATE_TEST_CASE("get_map is a live view of all keys", "[test_get_map]", FACILITIES) {
  typename TestType::template Selector<int> selector;
  const auto map = selector.get_map();
  CHECK(map.empty());
  auto [a, b] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ, 1);
  selector.register_(b.fileno(), EVENT_WRITE, 2);
  CHECK(map.size() == 2);
  CHECK(map.contains(a));
  CHECK(map[b].data == 2);
  int sum = 0;
  for (const auto& key : map) sum += key.data;
  CHECK(sum == 3);
  selector.unregister(a);
  CHECK_FALSE(map.contains(a));
  CHECK_THROWS_AS(map[a], KeyError);
}

TEMPLATE_TEST_CASE("close closes the owned sockets and later calls are refused", "[test_close]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  const int owned = selector.register_(std::move(a), EVENT_READ).fd;
  selector.register_(b.fileno(), EVENT_READ);
  selector.close();
  selector.close();
  CHECK_FALSE(is_open(owned));
  CHECK(is_open(b.fileno()));
  CHECK_THROWS_AS(selector.register_(b.fileno(), EVENT_READ), ValueError);
  CHECK_THROWS_AS(selector.modify(b, EVENT_READ), ValueError);
  CHECK_THROWS_AS(selector.unregister(b), ValueError);
  CHECK_THROWS_AS(selector.get_key(b), ValueError);
  CHECK_THROWS_AS(selector.get_map(), ValueError);
  CHECK_THROWS_AS(count(selector.select(0s)), ValueError);
}

TEMPLATE_TEST_CASE("a selector closes its sockets when it is destroyed", "[test_context_manager]", FACILITIES) {
  auto [a, b] = nonblocking_pair();
  const int fd = a.fileno();
  {
    typename TestType::template Selector<> selector;
    selector.register_(std::move(a), EVENT_READ);
  }
  CHECK_FALSE(is_open(fd));
}
