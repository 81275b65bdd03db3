// The transcripts in the lessons' pages, held to what the programs really print.
#pragma once

#include "story.hpp"

#include <string>
#include <string_view>

namespace support {

/// What a program printed must be block number `block` (from 0) under "What you see" in the lesson's README.
///
/// Ports are made the same, and repeated lines one: how often "waiting for I/O" comes depends on time.
void expect_transcript(Story& story, const std::string& lesson, int block, std::string_view printed);

}  // namespace support
