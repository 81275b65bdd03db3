/// @file
/// What the lessons print and read: lines as the sources print them, bytes as they are. Not part of the library.
#pragma once

#include <cstddef>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace lesson {

/// Standard input's number, to be registered in a selector.
inline constexpr int standard_input = 0;

/// Writes bytes to standard output unchanged. They are out when it returns, into a pipe too; unless a signal comes
/// while the pipe is full, for then the program is asked to end, and what finds no room is dropped.
/// @throws std::system_error if standard output cannot be written.
void write_output(std::string_view bytes);

/// Writes one line to standard output, out when it returns. After `--quiet` only the first line is written.
void print_line(const std::string& line);

/// From now on only the program's first line is printed.
void be_quiet();

/// Python's `print` with an empty separator: everything that has `<<`, then a newline.
template <class... Parts>
void print(const Parts&... parts) {
  std::ostringstream line;
  (line << ... << parts);
  print_line(line.str());
}

/// What print_error calls the program: the last part of its path.
void set_program_name(std::string_view path);

/// Writes one line to standard error, with the program's name before it.
void print_error(std::string_view message);

/// Reads what is there on standard input: a line from a terminal, up to `size` bytes from a pipe or a file.
/// @return empty string at the end of the input; empty optional if nothing is there and the input does not wait.
/// @throws std::system_error if it cannot be read.
[[nodiscard]] std::optional<std::string> read_input(std::size_t size);

/// Bytes as Python prints them: `b'It\x00\n'`.
[[nodiscard]] std::string repr(std::string_view bytes);

/// Bytes as text for a terminal. What is not UTF-8 becomes U+FFFD, as with Python's `decode(errors="replace")`;
/// control characters other than tab and newline, which could steer the terminal, are written as `\x1b`.
[[nodiscard]] std::string decode(std::string_view bytes);

}  // namespace lesson
