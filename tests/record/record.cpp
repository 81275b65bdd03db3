// record LESSON FOLDER PAGE: plays the scene of a lesson and writes what each program printed into FOLDER/PROGRAM.txt.
// Fails if the scene does, or if the page shows something else. record SCENE only plays it. Run under strace by whoever
// wants to know what the kernel saw.
#include "scenes.hpp"

#include "support/transcript.hpp"

#include <filesystem>
#include <fstream>
#include <iostream>

int main(int argc, char** argv) {
  if (argc != 2 && argc != 4) {
    std::cerr << "usage: record LESSON FOLDER PAGE | record SCENE\n";
    return 2;
  }
  try {
    support::Story story;
    const auto transcripts = scenes::play(story, argv[1]);
    if (argc == 2) return 0;
    const std::filesystem::path folder = argv[2];
    for (const auto& [program, text] : transcripts) {
      std::ofstream file(folder / (program + ".txt"), std::ios::binary);
      if (!(file << text).flush()) throw std::runtime_error("cannot write into " + folder.string());
      support::expect_transcript(story, argv[3], program, text);
    }
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "record: " << argv[1] << ": " << error.what() << '\n';
    return 1;
  }
}
