#include "text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace lesson {
namespace {

void append_hex(std::string& text, char kind, unsigned number, int digits) {
  text += {'\\', kind};
  while (digits-- > 0) text += "0123456789abcdef"[(number >> (4U * static_cast<unsigned>(digits))) & 15U];
}

/// Returns how many bytes at the front need no escape. It goes in blocks, each of which the compiler checks at once.
std::size_t plain_size(std::string_view bytes, char quote) {
  const auto is_special = [quote](char c) { return c < ' ' || c > '~' || c == quote || c == '\\'; };
  constexpr std::size_t block = 32;
  std::size_t size = 0;
  while (size + block <= bytes.size()) {
    char special = 0;  // with a bool, the compiler would check byte by byte
    for (std::size_t i = 0; i < block; ++i)
      special = static_cast<char>(special | (is_special(bytes[size + i]) ? 1 : 0));
    if (special != 0) break;
    size += block;
  }
  while (size < bytes.size() && !is_special(bytes[size])) ++size;
  return size;
}

void append_escaped(std::string& text, char c, char quote) {
  if (c == quote || c == '\\')
    text += {'\\', c};
  else if (c == '\t')
    text += "\\t";
  else if (c == '\n')
    text += "\\n";
  else if (c == '\r')
    text += "\\r";
  else
    append_hex(text, 'x', static_cast<unsigned char>(c), 2);
}

/// What is at the front of some bytes.
struct Front {
  std::size_t size;   ///< How many bytes belong together.
  bool is_character;  ///< True if they are a whole character; else they are an error, or a part of one.
};

/// Follows table 3-7 of the Unicode standard. An invalid sequence counts as one error up to the byte at which it could
/// no longer become a character: Python replaces the same number of bytes.
Front front_of(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned lead = at(0);
  if (lead < 0x80) return {1, true};
  if (lead < 0xc2 || lead > 0xf4) return {1, false};
  const std::size_t size = lead <= 0xdf ? 2 : lead <= 0xef ? 3 : 4;
  const unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;  // no overlong forms
  const unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;   // no surrogates, nothing past U+10FFFF
  std::size_t fits = 1;
  while (fits < size && fits < bytes.size() && at(fits) >= (fits == 1 ? least : 0x80) &&
         at(fits) <= (fits == 1 ? most : 0xbf))
    ++fits;
  return {fits, fits == size};
}

/// Returns how many bytes at the end may begin a character whose rest has not come yet.
std::size_t unfinished_size(std::string_view bytes) {
  for (std::size_t size = std::min<std::size_t>(3, bytes.size()); size > 0; --size) {
    const std::string_view end = bytes.substr(bytes.size() - size);
    if ((static_cast<unsigned char>(end.front()) & 0xc0U) != 0xc0U) continue;
    const Front front = front_of(end);
    // A byte that cannot begin a character is an error by itself, of one byte.
    if (front.size == size && !front.is_character && static_cast<unsigned char>(end.front()) >= 0xc2 &&
        static_cast<unsigned char>(end.front()) <= 0xf4)
      return size;
  }
  return 0;
}

char32_t code_point(std::string_view character) {
  const auto lead = static_cast<unsigned char>(character.front());
  char32_t code = character.size() == 1 ? lead : lead & (0xffU >> (character.size() + 1));
  for (const char c : character.substr(1)) code = (code << 6U) | (static_cast<unsigned char>(c) & 0x3fU);
  return code;
}

/// Returns true for characters that control a terminal, end a line unnoticed, are invisible or reverse the text.
bool is_invisible(char32_t code) {
  if (code < 0xa0) return (code < 0x20 && code != '\n' && code != '\t') || code >= 0x7f;
  constexpr auto ranges = std::to_array<std::pair<char32_t, char32_t>>({
      {0xad, 0xad},
      {0x34f, 0x34f},
      {0x61c, 0x61c},
      {0x115f, 0x1160},
      {0x17b4, 0x17b5},
      {0x180b, 0x180f},
      {0x200b, 0x200f},
      {0x2028, 0x202e},
      {0x2060, 0x206f},
      {0x3164, 0x3164},
      {0xfeff, 0xfeff},
      {0xffa0, 0xffa0},
      {0xfff0, 0xfffb},
      {0x1bca0, 0x1bca3},
      {0x1d173, 0x1d17a},
      {0xe0000, 0xe0fff},
  });
  return std::any_of(ranges.begin(), ranges.end(),
                     [code](const auto& range) { return code >= range.first && code <= range.second; });
}

void append_character(std::string& text, std::string_view character) {
  const char32_t code = code_point(character);
  if (!is_invisible(code))
    text += character;
  else if (code < 0x100)
    append_hex(text, 'x', code, 2);
  else if (code < 0x10000)
    append_hex(text, 'u', code, 4);
  else
    append_hex(text, 'U', code, 8);
}

void append_decoded(std::string& text, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t plain = plain_size(bytes, '\\');  // usually all of it
    text += bytes.substr(0, plain);
    bytes.remove_prefix(plain);
    if (bytes.empty()) return;
    const Front front = front_of(bytes);
    if (front.is_character)
      append_character(text, bytes.substr(0, front.size));
    else
      text += "\ufffd";
    bytes.remove_prefix(front.size);
  }
}

template <class Bytes>
std::string text_of(const Bytes& bytes) {
  std::string text;
  bytes.append_to(text);
  return text;
}

}  // namespace

void Repr::append_to(std::string& text) const {
  const bool double_quoted = bytes.find('\'') != bytes.npos && bytes.find('"') == bytes.npos;
  const char quote = double_quoted ? '"' : '\'';
  text += {'b', quote};
  for (std::string_view left = bytes; !left.empty();) {
    const std::size_t plain = plain_size(left, quote);
    text += left.substr(0, plain);
    left.remove_prefix(plain);
    if (left.empty()) break;
    append_escaped(text, left.front(), quote);
    left.remove_prefix(1);
  }
  text += quote;
}

void Decoded::append_to(std::string& text) const {
  if (carried.empty()) return append_decoded(text, bytes);
  append_decoded(text, carried + std::string(bytes));
}

Decoded Decoder::decode(std::string_view bytes) {
  Decoded decoded{bytes, std::exchange(carried_, {})};
  // Look at the carried bytes together with those that follow; even these may not complete the character.
  const std::string end =
      decoded.carried + std::string(bytes.substr(bytes.size() - std::min<std::size_t>(3, bytes.size())));
  const std::size_t unfinished = bytes.size() < 3 ? unfinished_size(end) : unfinished_size(bytes);
  carried_ = end.substr(end.size() - unfinished);
  if (unfinished <= bytes.size())
    decoded.bytes.remove_suffix(unfinished);
  else
    decoded = {};  // all bytes are carried on
  return decoded;
}

Decoded Decoder::end() { return {{}, std::exchange(carried_, {})}; }

Repr::operator std::string() const { return text_of(*this); }

Decoded::operator std::string() const { return text_of(*this); }

}  // namespace lesson
