// Each lesson's README shows what its programs print; here they print it.
#include "record/scenes.hpp"
#include "support/catch.hpp"
#include "support/transcript.hpp"

#include <fstream>
#include <sstream>

using namespace support;

namespace {

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("the lesson pages show what their programs print") {
  const std::string lesson = GENERATE(from_range(scenes::lessons()));
  Story story;
  const std::string page = COURSE_DIR "/" + lesson + "/README.md";
  const auto printed = scenes::play(story, lesson);
  for (const auto& [program, text] : printed) expect_transcript(story, page, program, text);

  std::size_t shown = 0;
  const std::string markdown = text_of(page);
  for (auto at = markdown.find("<!-- transcript: "); at != markdown.npos;
       at = markdown.find("<!-- transcript: ", at + 1))
    ++shown;
  CHECK(shown == printed.size());
}
