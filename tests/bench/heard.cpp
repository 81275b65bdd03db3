#include "report/heard.hpp"

#include "support/catch.hpp"

#include <stdexcept>
#include <string>

using namespace bench;

namespace {

constexpr std::size_t message = 64;

std::string said(std::size_t speaker, std::uint64_t from, std::size_t size) {
  static const Speech speech;
  return {speech.from(speaker, from), size};
}

}  // namespace

TEST_CASE("each speaker is heard in order, however the chat cuts and mixes") {
  Heard heard(5, message);
  heard.take(4, said(0, 0, 10) + said(1, 0, 64) + said(0, 10, 54) + said(3, 0, 1));
  CHECK(heard.deliveries() == 2);
  heard.take(4, said(3, 1, 62));
  CHECK(heard.deliveries() == 2);
  heard.take(4, said(3, 63, 1));
  CHECK(heard.deliveries() == 3);
}

TEST_CASE("a message counts as heard by all when the last but its speaker has it") {
  Heard heard(5, message);
  for (const std::size_t member : {1U, 2U, 3U}) heard.take(member, said(0, 0, 2 * message));
  heard.take(4, said(0, 0, message));
  CHECK(heard.by_all(0) == 1);
  heard.take(4, said(0, message, message));
  CHECK(heard.by_all(0) == 2);
  CHECK(heard.deliveries() == 8);
}

TEST_CASE("what is lost, comes twice, is changed, or comes back to its speaker is found") {
  const auto wrong = [](std::size_t member, const std::string& bytes) {
    Heard heard(5, message);
    heard.take(member, said(0, 0, member == 0 ? 0 : 640));
    CHECK_THROWS_AS(heard.take(member, bytes), std::runtime_error);
  };
  wrong(1, said(0, 641, 64));                             // one byte lost
  wrong(1, said(0, 704, 64));                             // a message lost
  wrong(1, said(0, 4096 + 640, 64));                      // a page lost
  wrong(1, said(0, 576, 64));                             // a message twice
  wrong(1, said(0, 640, 10) + "\xff" + said(0, 651, 5));  // a byte changed
  wrong(0, said(0, 0, 64));                               // to the speaker
}

TEST_CASE("a speech is long enough for any chunk, and a byte tells its speaker") {
  const std::string far = said(3, 1'000'003, Speech::chunk);
  CHECK(far == said(3, 1'000'003 % 4093, Speech::chunk));
  for (const char byte : far.substr(0, 1000)) REQUIRE(Speech::speaker_of(byte) == 3);
}
