/// @file
/// How the lessons print the bytes of others: as Python does, and so that they cannot harm a terminal. Not part of the
/// library.
#pragma once

#include <string>
#include <string_view>

namespace lesson {

/// Bytes as Python prints them: `b'It\x00\n'`. Made into text only where they are really printed.
struct Repr {
  std::string_view bytes;              ///< Not owned.
  operator std::string() const;        // NOLINT(google-explicit-constructor): where text is wanted, it is text
  void append_to(std::string&) const;  ///< The same, at the end of a line.
};

/// Bytes as text for a terminal. Invalid UTF-8 becomes U+FFFD, as with Python's `decode(errors="replace")`. Control
/// characters other than tab and newline, which could steer the terminal, are written as `\x1b`; characters that hide
/// themselves or turn text around as `\u202e`.
struct Decoded {
  std::string_view bytes;              ///< Not owned.
  std::string carried = {};            ///< The front of a character whose rest is at the front of `bytes`.
  operator std::string() const;        // NOLINT(google-explicit-constructor)
  void append_to(std::string&) const;  ///< The same, at the end of a line.
};

/// Python's `repr` of bytes.
[[nodiscard]] constexpr Repr repr(std::string_view bytes) { return {bytes}; }

/// Python's `bytes.decode`, of a whole text.
[[nodiscard]] inline Decoded decode(std::string_view bytes) { return {bytes}; }

/// Decodes a text that comes in pieces, each connection's with a decoder of its own: a character may come in two
/// pieces. Python's `codecs.getincrementaldecoder("utf-8")("replace")`.
class Decoder {
 public:
  /// The text of the next piece, but for what may be the front of a character: that is carried on to the next one.
  /// @param bytes has to live as long as what is returned.
  [[nodiscard]] Decoded decode(std::string_view bytes);

  /// What is left when no more comes: nothing, or half a character.
  [[nodiscard]] Decoded end();

  /// True if half a character is left.
  [[nodiscard]] bool has_rest() const { return !carried_.empty(); }

 private:
  std::string carried_;
};

}  // namespace lesson
