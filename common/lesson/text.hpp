/// @file
/// How the lessons print bytes that others have sent: as Python does, and so that they cannot control the terminal. Not
/// part of the library.
#pragma once

#include <string>
#include <string_view>

namespace lesson {

/// Bytes as Python prints them: `b'It\x00\n'`. They are converted to text only if they are really printed.
struct Repr {
  std::string_view bytes;              ///< Not owned.
  operator std::string() const;        // NOLINT(google-explicit-constructor): usable wherever text is wanted
  void append_to(std::string&) const;  ///< The same, at the end of a line.
};

/// Bytes as text for a terminal. Invalid UTF-8 becomes U+FFFD, as with Python's `decode(errors="replace")`. Control
/// characters other than tab and newline, which could control the terminal, are written as `\x1b`; characters that are
/// invisible or reverse the direction of text as `\u202e`.
struct Decoded {
  std::string_view bytes;              ///< Not owned.
  std::string carried = {};            ///< The first bytes of a character; its rest is at the front of `bytes`.
  operator std::string() const;        // NOLINT(google-explicit-constructor)
  void append_to(std::string&) const;  ///< The same, at the end of a line.
};

/// Returns Python's `repr` of bytes.
[[nodiscard]] constexpr Repr repr(std::string_view bytes) { return {bytes}; }

/// Returns Python's `bytes.decode` of a whole text.
[[nodiscard]] inline Decoded decode(std::string_view bytes) { return {bytes}; }

/// Decodes a text that comes in pieces, because a character may come in two pieces. Each connection needs its own
/// Decoder. Python's `codecs.getincrementaldecoder("utf-8")("replace")`.
class Decoder {
 public:
  /// Returns the text of the next piece, except for bytes at its end that may begin a character: these are carried on
  /// to the next piece.
  /// @param bytes must live as long as the result.
  [[nodiscard]] Decoded decode(std::string_view bytes);

  /// Returns what is left at the end: nothing, or part of a character.
  [[nodiscard]] Decoded end();

  /// Returns true if part of a character is left.
  [[nodiscard]] bool has_rest() const { return !carried_.empty(); }

 private:
  std::string carried_;
};

}  // namespace lesson
