/// @file
/// How the lessons print and read: lines in the form of the Python programs, and bytes unchanged. Not part of the
/// library.
#pragma once

#include <lesson/text.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace lesson {

/// Standard input, which a selector can watch like a socket. Windows cannot wait for it, so there a thread reads it
/// from the first `fileno` on and passes on what it has read.
struct StandardInput {
  /// Returns its descriptor, to be registered in a selector, which must not own it. It stays open.
  [[nodiscard]] static int fileno();
};

/// The program's standard input.
inline constexpr StandardInput standard_input;

/// Writes bytes to standard output unchanged. All of them are out when it returns, into a pipe too. Exception: if a
/// signal comes while the pipe is full, the program is asked to end, and bytes that find no room are dropped.
/// @throws std::system_error if standard output cannot be written.
void write_output(std::string_view bytes);

/// Writes what other people have sent. On a terminal it is shown as Decoded shows it, so that nobody can control
/// somebody else's terminal; into a pipe or a file the bytes go unchanged.
/// @throws as write_output.
void show_output(std::string_view bytes);

/// Prints only the program's first line from now on.
void be_quiet();

/// One turn of a loop. The lines that are printed during it are written at its end, in one call instead of one call for
/// each. It must end before the program waits again, so that no line is held back meanwhile.
class Turn {
 public:
  Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();
};

/// Returns true if lines could not be written: the disk was full, or the reader of the pipe has gone.
[[nodiscard]] bool has_lost_output();

/// Returns true if a line that is printed now is shown: after `--quiet` only the first line is.
[[nodiscard]] bool is_shown();

/// Returns the string in which the next line is built.
[[nodiscard]] std::string& next_line();

/// Ends that line. Outside a Turn it is written when this returns.
void end_line();

/// Appends one part to a line: text, a number, an address, bytes.
template <class Part>
void append(std::string& line, const Part& part) {
  using std::to_string;
  if constexpr (requires { part.append_to(line); })
    part.append_to(line);
  else if constexpr (std::is_convertible_v<const Part&, std::string_view>)
    line += std::string_view(part);
  else
    line += to_string(part);
}

/// Prints a line, like Python's `print` with an empty separator: text, numbers and whatever has a `to_string`, then a
/// newline. If it cannot be written, that is reported once on standard error and the program goes on; its exit status
/// is then not 0.
template <class... Parts>
void print(const Parts&... parts) {
  if (!is_shown()) return;
  std::string& line = next_line();
  (append(line, parts), ...);
  end_line();
}

/// Sets the name by which print_error calls the program: the last part of this path.
void set_program_name(std::string_view path);

/// Prints one line on standard error, with the program's name before it.
void print_error(std::string_view message);

/// Reads what is there on standard input: a line from a terminal, or up to `size` bytes from a pipe or a file.
/// @return an empty string at the end of the input, and if it cannot be read at all (as under nohup); an empty optional
///   if nothing is there and the input does not block.
/// @throws std::system_error if it cannot be read.
[[nodiscard]] std::optional<std::string> read_input(std::size_t size);

}  // namespace lesson
