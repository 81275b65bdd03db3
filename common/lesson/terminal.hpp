/// @file
/// What the lessons print and read: lines as the sources print them, bytes as they are. Not part of the library.
#pragma once

#include <lesson/text.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace lesson {

/// Standard input, to be watched like a socket. On Windows it cannot be waited for, so a thread reads it there, from
/// the first `fileno` on, and hands on what it has read.
struct StandardInput {
  /// Its number, to be registered in a selector. It stays open, and belongs to nobody.
  [[nodiscard]] static int fileno();
};

/// The program's.
inline constexpr StandardInput standard_input;

/// Writes bytes to standard output unchanged. They are out when it returns, into a pipe too; unless a signal comes
/// while the pipe is full, for then the program is asked to end, and what finds no room is dropped.
/// @throws std::system_error if standard output cannot be written.
void write_output(std::string_view bytes);

/// The same for what others have said. On a terminal it is shown as Decoded shows it, so that nobody can steer the
/// terminal of somebody else; into a pipe or a file the bytes go unchanged.
/// @throws as write_output.
void show_output(std::string_view bytes);

/// From now on only the program's first line is printed.
void be_quiet();

/// One turn of a loop: the lines that are printed while it lasts are written at its end, in one call instead of one
/// each. It must end before the program waits again, so that nothing is held back meanwhile.
class Turn {
 public:
  Turn();
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn();
};

/// True if lines could not be written: the disk was full, or nobody read the pipe any more.
[[nodiscard]] bool has_lost_output();

/// True if a line that is printed now is shown: after `--quiet` only the first is.
[[nodiscard]] bool is_shown();

/// Where the next line is put together.
[[nodiscard]] std::string& next_line();

/// Ends that line. Outside of a Turn it is out when this returns.
void end_line();

/// Adds one part of a line to it: text, a number, an address, bytes.
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

/// Python's `print` with an empty separator: text, numbers and what has a `to_string`, then a newline. If it cannot be
/// written, that is reported once on standard error and the program goes on; its exit status says so in the end.
template <class... Parts>
void print(const Parts&... parts) {
  if (!is_shown()) return;
  std::string& line = next_line();
  (append(line, parts), ...);
  end_line();
}

/// What print_error calls the program: the last part of its path.
void set_program_name(std::string_view path);

/// Writes one line to standard error, with the program's name before it.
void print_error(std::string_view message);

/// Reads what is there on standard input: a line from a terminal, up to `size` bytes from a pipe or a file.
/// @return empty string at the end of the input, and if it cannot be read at all (as under nohup); empty optional if
///   nothing is there and the input does not wait.
/// @throws std::system_error if it cannot be read.
[[nodiscard]] std::optional<std::string> read_input(std::size_t size);

}  // namespace lesson
