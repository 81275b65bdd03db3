// What the servers print of bytes that a client sent: `repr` in lessons 04 to 06, `decode` in lesson 07.
#include "input.hpp"

#include <lesson/terminal.hpp>

#include <iconv.h>

#include <array>
#include <string>

namespace {

int digit(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

/// Reads a bytes literal back, as Python would.
std::string bytes_of(std::string_view literal) {
  const std::string_view inside = literal.substr(2, literal.size() - 3);
  std::string bytes;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] != '\\') {
      bytes += inside[i];
      continue;
    }
    const char kind = inside[++i];
    if (kind == 'x') {
      bytes += static_cast<char>(digit(inside[i + 1]) * 16 + digit(inside[i + 2]));
      i += 2;
    } else {
      bytes += kind == 'n' ? '\n' : kind == 't' ? '\t' : kind == 'r' ? '\r' : kind;
    }
  }
  return bytes;
}

/// What the C library thinks of it.
bool is_utf8(std::string text) {
  static auto* const converter = iconv_open("UTF-32", "UTF-8");
  char* from = text.data();
  std::size_t left = text.size();
  while (left > 0) {
    std::array<char, 4096> converted{};
    char* to = converted.data();
    std::size_t room = converted.size();
    if (iconv(converter, &from, &left, &to, &room) == static_cast<std::size_t>(-1) && errno != E2BIG) return false;
  }
  return true;
}

bool steers_a_terminal(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = fuzz::text(data, size);

  const std::string literal = lesson::repr(input);
  for (const char c : literal) fuzz::require(c >= ' ' && c <= '~', "a literal is printable ASCII");
  fuzz::require(bytes_of(literal) == input, "a literal reads back as the bytes it was made of");

  const std::string text = lesson::decode(input);
  fuzz::require(is_utf8(text), "decoded text is UTF-8");
  for (const char c : text) fuzz::require(!steers_a_terminal(c), "decoded text has no control characters");
  fuzz::require(std::string(lesson::decode(text)) == text, "decoded text is text already");

  lesson::Decoder decoder;
  std::string in_pieces;
  const std::size_t cut = size / 2;
  decoder.decode(input.substr(0, cut)).append_to(in_pieces);
  decoder.decode(input.substr(cut)).append_to(in_pieces);
  decoder.end().append_to(in_pieces);
  fuzz::require(in_pieces == text, "a text in two pieces is decoded as a whole");
  fuzz::require(text.size() <= 4 * input.size(), "decoded text is at most four times as long");
  return 0;
}
