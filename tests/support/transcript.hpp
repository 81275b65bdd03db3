// The transcripts in the lessons' pages, held to what the programs really print.
#pragma once

#include "story.hpp"

#include <string>
#include <string_view>

namespace support {

/// What a program printed, as it is shown: the same each time it runs.
///
/// Repeated lines are one, for how often "waiting for I/O" comes depends on time. The server's port is the program's
/// default, and its clients have the ports 50001, 50002, … in the order in which they appear.
std::string stable_transcript(std::string_view printed, int server_port, int default_port);

/// The block of text in a page of Markdown below the line `<!-- transcript: NAME -->`.
/// @throws Failed if there is none.
std::string shown_transcript(const Story& story, const std::string& page, const std::string& name);

/// The page must show this transcript under this name, each byte of it.
void expect_transcript(const Story& story, const std::string& page, const std::string& name, std::string_view recorded);

}  // namespace support
