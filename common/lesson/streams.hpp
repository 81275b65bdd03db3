/// @file
/// The standard streams of this operating system. Not part of the library.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lesson {

/// Prepares the standard streams: opens those that are closed, writes bytes unchanged, and makes a reader of our output
/// that has gone an error of that output instead of the end of the program.
void prepare_streams();

/// One of the two streams that are written to.
enum class Stream { output = 1, error = 2 };

/// Writes all bytes. After a signal it no longer waits for a full pipe, whose reader may never come.
/// @return false, and the reason in `errno`, if the bytes cannot be written.
bool write_all(Stream stream, std::string_view bytes);

/// Returns true if standard output is a terminal.
[[nodiscard]] bool shows_on_terminal();

/// Returns a descriptor that becomes readable when standard input has something to read, or has ended. The caller does
/// not own it.
[[nodiscard]] int standard_input_fileno();

/// Reads from standard input.
/// @return how many bytes; 0 at the end, and if it cannot be read at all (as under nohup); negative, and the reason in
///   `errno`, if reading fails or nothing is there yet.
[[nodiscard]] std::ptrdiff_t read_standard_input(char* bytes, std::size_t size);

/// Returns a program's name, from the path that it was started by.
[[nodiscard]] std::string_view name_of_program(std::string_view path);

}  // namespace lesson
