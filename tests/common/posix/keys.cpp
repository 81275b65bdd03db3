// What is registered, where numbers are files too and can be chosen.
#include "../facilities.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

TEMPLATE_TEST_CASE("register_ accepts regular files and select always reports them as ready", "[test_register_file]",
                   FACILITIES) {
  const std::string path = "/tmp/selectors-test-" + std::to_string(getpid());
  std::FILE* const file = std::fopen(path.c_str(), "w+");
  REQUIRE(file != nullptr);
  {
    typename TestType::template Selector<> selector;
    selector.register_(fileno(file), EVENT_READ | EVENT_WRITE);
    for (int i = 0; i < 3; ++i) CHECK(count(selector.select()) == 1);
    selector.modify(fileno(file), EVENT_WRITE);
    for (const auto& [key, mask] : selector.select()) CHECK(mask == EVENT_WRITE);
    selector.unregister(fileno(file));
    CHECK(selector.select(0s).empty());
  }
  std::fclose(file);
  std::remove(path.c_str());
}

TEMPLATE_TEST_CASE("register_ accepts a file that never blocks such as the null device", "", FACILITIES) {
  const int fd = open("/dev/null", O_RDWR);
  REQUIRE(fd >= 0);
  {
    typename TestType::template Selector<> selector;
    selector.register_(fd, EVENT_READ);
    for (const auto& [key, mask] : selector.select()) CHECK(mask == EVENT_READ);
    selector.unregister(fd);
    CHECK(selector.select(0s).empty());
  }
  close(fd);
}

TEMPLATE_TEST_CASE("unregister works after the descriptor was closed and reused",
                   "[test_unregister_after_fd_close_and_reuse]", FACILITIES) {
  typename TestType::template Selector<> selector;
  auto [a, b] = nonblocking_pair();
  auto [c, d] = nonblocking_pair();
  selector.register_(a.fileno(), EVENT_READ);
  REQUIRE(dup2(c.fileno(), a.fileno()) == a.fileno());
  selector.unregister(a.fileno());
  CHECK(is_open(a.fileno()));
  CHECK(selector.get_map().empty());
}

TEST_CASE("SelectSelector refuses to register a descriptor that is too large for select") {
  SelectSelector<> selector;
  auto [a, b] = nonblocking_pair();
  const int high = dup2(a.fileno(), 1024);
  if (high < 0) return;  // the limit for descriptors is lower than that here
  const auto text = thrown<ValueError>([&] { selector.register_(high, EVENT_READ); });
  CHECK(text.find("1024") != text.npos);
  CHECK(selector.get_map().empty());
  close(high);
}

TEST_CASE("SELECTORS_FACILITY chooses the facility of DefaultSelector") {
  const char* const before = std::getenv("SELECTORS_FACILITY");
  const std::string saved = before == nullptr ? "" : before;
  for (const std::string name : {"poll", "select"}) {
    setenv("SELECTORS_FACILITY", name.c_str(), 1);
    CHECK(DefaultSelector<>().name() == name);
  }
  setenv("SELECTORS_FACILITY", "carrier pigeon", 1);
  const auto text = thrown<ValueError>([] { const DefaultSelector<> selector; });
  CHECK(text.find("carrier pigeon") != text.npos);
  CHECK(text.find("poll, select") != text.npos);
  setenv("SELECTORS_FACILITY", saved.c_str(), 1);
}
