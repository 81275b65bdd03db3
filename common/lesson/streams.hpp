/// @file
/// The standard streams, as this system has them. Not part of the library.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lesson {

/// Gets them ready: whichever is closed is opened, bytes go out as they are, and a reader of our output that has gone
/// is an error of that output, not our end.
void prepare_streams();

/// Which of the two that are written to.
enum class Stream { output = 1, error = 2 };

/// Writes all of it. After a signal no full pipe is waited for any longer: its reader may never come.
/// @return false, and the reason in `errno`, if it cannot be written.
bool write_all(Stream stream, std::string_view bytes);

/// True if standard output is a terminal.
[[nodiscard]] bool shows_on_terminal();

/// A number for standard input that becomes readable when something is there, or its end.
[[nodiscard]] int standard_input_fileno();

/// Reads from it.
/// @return how many bytes; 0 at the end, and if it cannot be read at all (as under nohup); negative, and the reason in
///   `errno`, if it fails or nothing is there.
[[nodiscard]] std::ptrdiff_t read_standard_input(char* bytes, std::size_t size);

/// A program's name, from the path that it was started by.
[[nodiscard]] std::string_view name_of_program(std::string_view path);

}  // namespace lesson
