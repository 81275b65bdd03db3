// What a program measures goes into a page of the book: between two comments that name it.
#pragma once

#include <string>

namespace support {

/// Replaces what stands between the lines `<!-- NAME: begin -->` and `<!-- NAME: end -->` of a file.
/// @throws std::runtime_error if the file cannot be read or written, or has no such lines.
void write_between(const std::string& path, const std::string& name, const std::string& text);

}  // namespace support
