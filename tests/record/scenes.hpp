// What happens in the transcripts, the charts and the traces of the book: one short scene for each lesson.
#pragma once

#include "support/story.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace scenes {

/// What one program of a scene printed, with ports that are the same each time.
struct Transcript {
  std::string program;
  std::string text;
};

/// The lessons' folders, in their order.
const std::vector<std::string>& lessons();

/// Plays the scene of a lesson, given by its folder, or another scene by its name: programs and a client or two.
/// @throws support::Failed if something else happens than the page tells.
std::vector<Transcript> play(support::Story& story, std::string_view lesson);

}  // namespace scenes
