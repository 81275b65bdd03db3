// The command line of a lesson's program: any arguments are accepted or refused, and the refusal is status 2.
#include "input.hpp"

#include <lesson/program.hpp>

#include <getopt.h>

#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<std::string> words = {"program"};
  for (const char c : fuzz::text(data, size)) {
    if (c == '\0' || c == '\n')
      words.emplace_back();
    else
      words.back() += c;
  }
  words.front() = "program";
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  optind = 0;  // getopt begins anew; a program calls it once
  bool ran = false;
  const int status = lesson::run(
      static_cast<int>(words.size()), argv.data(),
      {.about = "", .defaults = {.host = "localhost", .port = 1, .connections = 1}, .quiet = true},
      [&](const lesson::Arguments& arguments) {
        ran = true;
        fuzz::require(arguments.connections >= 1 && arguments.connections <= 10'000, "connections in range");
      });
  fuzz::require(status == 0 || (status == 2 && !ran), "accepted with 0, or refused with 2 and not run");
  return 0;
}
