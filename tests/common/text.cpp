// How the lessons print the bytes of others.
#include "support/catch.hpp"

#include <lesson/text.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace {

std::string decode(std::string_view bytes) { return lesson::decode(bytes); }

/// The same in pieces of this size, each printed before the next one comes.
std::string decode_in_pieces(std::string_view bytes, std::size_t size) {
  lesson::Decoder decoder;
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
    decoder.decode(bytes.substr(0, size)).append_to(text);
  decoder.end().append_to(text);
  return text;
}

/// Bytes, and how many characters Python puts in their place: `bytes.decode(errors="replace").count("\ufffd")`.
struct Broken {
  std::string_view bytes;
  int errors;
};

}  // namespace

TEST_CASE("repr prints bytes as Python does") {
  const auto repr = [](std::string_view bytes) { return std::string(lesson::repr(bytes)); };
  CHECK(repr("") == "b''");
  CHECK(repr("it's") == "b\"it's\"");
  CHECK(repr("\"it's\"") == "b'\"it\\'s\"'");
  CHECK(repr("\"") == "b'\"'");
  CHECK(repr(std::string_view("\t\n\r\\\0\x1f\x7f\x80\xff", 9)) == "b'\\t\\n\\r\\\\\\x00\\x1f\\x7f\\x80\\xff'");
}

TEST_CASE("repr escapes a special byte wherever it is in a longer text") {
  const std::string many(100, 'x');
  for (const std::size_t place : {0U, 1U, 31U, 32U, 63U, 64U, 98U, 99U}) {
    std::string bytes = many;
    bytes[place] = '\n';
    std::string expected = bytes;
    expected.replace(place, 1, "\\n");
    CHECK(std::string(lesson::repr(bytes)) == "b'" + expected + "'");
  }
}

TEST_CASE("decode keeps text and makes control characters visible") {
  CHECK(decode("plain\ttext\n") == "plain\ttext\n");
  CHECK(decode("é€\U0001F600") == "é€\U0001F600");
  CHECK(decode("\x1b[2J\x07\x7f\r") == "\\x1b[2J\\x07\\x7f\\x0d");
  CHECK(decode("\xc2\x9b"
               "2J\xc2\xa0") == "\\x9b2J\xc2\xa0");  // the other control characters
}

TEST_CASE("decode makes invisible and direction-changing characters visible") {
  CHECK(decode("\u202eevil\u202c") == "\\u202eevil\\u202c");
  CHECK(decode("\u2066\u2069\u200e\u200f\u061c") == "\\u2066\\u2069\\u200e\\u200f\\u061c");
  CHECK(decode("a\u2028b\u2029c") == "a\\u2028b\\u2029c");
  CHECK(decode("\u200b\u200c\u200d\u2060\ufeff\u00ad") == "\\u200b\\u200c\\u200d\\u2060\\ufeff\\xad");
  CHECK(decode("\U000e0041") == "\\U000e0041");
  CHECK(decode("שלום مرحبا 日本語") == "שלום مرحبا 日本語");
}

TEST_CASE("decode replaces invalid bytes exactly as Python does") {
  using namespace std::string_view_literals;
  for (const auto& [bytes, errors] : std::vector<Broken>{{"\xff"sv, 1},
                                                         {"\xc3"sv, 1},
                                                         {"\xc0\xaf"sv, 2},          // overlong
                                                         {"\xed\xa0\x80"sv, 3},      // a surrogate
                                                         {"\xf4\x90\x80\x80"sv, 4},  // past the last character
                                                         {"\xe2\x82"sv, 1},
                                                         {"\xe2\x82x"sv, 1},
                                                         {"\xf0\x9f\x98"sv, 1},
                                                         {"\xf0\x9f\x98\xf0\x9f"sv, 2},
                                                         {"\xe0\x80\x80"sv, 3},
                                                         {"\xf0\x90\x41"sv, 1},
                                                         {"\x80\xbf"sv, 2},
                                                         {"\xf5\x80"sv, 2}}) {
    std::string expected;
    for (int i = 0; i < errors; ++i) expected += "\ufffd";
    if (bytes.back() == 'x' || bytes.back() == 'A') expected += bytes.back();
    INFO(std::string(lesson::repr(bytes)));
    CHECK(decode(bytes) == expected);
    for (const std::size_t size : {1U, 2U, 3U}) CHECK(decode_in_pieces(bytes, size) == expected);
  }
}

TEST_CASE("text decoded in pieces gives the same result however it is split") {
  const std::string text = "x日本語é€\U0001F600\xff\xe2\x82 ok\xf0\x9f";
  for (std::size_t size = 1; size <= text.size(); ++size) CHECK(decode_in_pieces(text, size) == decode(text));
}
