/// @file
/// What every lesson's program shares: its arguments, its help, and how it reports an error. Not part of the library.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

namespace lesson {

/// What a program was called with, or the source's defaults.
struct Arguments {
  std::string host;     ///< A name or a numeric address.
  std::uint16_t port;   ///< 0 to 65535; 0 asks for a free port.
  int connections = 0;  ///< How many connections a client opens; 0 if the program has no such option.
  bool listen = false;  ///< True after `--listen`.
  std::map<std::string, std::string> options = {};  ///< Those of the program's own that were given, and their values.

  /// The value of an option that is a number.
  /// @param otherwise what it is if it was not given.
  [[nodiscard]] int number(const std::string& option, int otherwise) const;
};

/// An option with a value that only this program has.
struct Option {
  const char* name;   ///< As it is typed: `--cert`.
  const char* value;  ///< What `--help` calls the value: `FILE`.
  const char* about;  ///< What `--help` says of it.
  int least = 0;      ///< Where it is a number: the least that it may be,
  int most = 0;       ///< and the most; 0 if it is no number.
};

/// What a program says of itself.
struct Program {
  const char* about;                 ///< One sentence for `--help`.
  Arguments defaults;                ///< The source's host and port.
  bool quiet = false;                ///< True if it knows `--quiet`.
  bool either_side = false;          ///< True if it is called `[HOST] PORT`, without a default, and knows `--listen`.
  std::vector<Option> options = {};  ///< The program's own.
};

/// Runs a lesson's program: `PROGRAM [HOST] [PORT]`, `--help`, and with `--quiet` only the first line and errors.
///
/// @param argc,argv those of `main`.
/// @param program what `--help` says and which defaults hold.
/// @param body the lesson. What it returns is the exit status.
/// @return the exit status: the body's; 1 if it threw, after one line on standard error, or if lines that it printed
///   were lost; 2 for a bad argument.
int run(int argc, char** argv, const Program& program, const std::function<int(const Arguments&)>& body);

/// The same for a body that returns nothing: 0 if it does not throw.
template <class Body>
requires std::is_void_v<std::invoke_result_t<Body, const Arguments&>>
int run(int argc, char** argv, const Program& program, Body body) {
  return run(argc, argv, program, [&](const Arguments& arguments) {
    body(arguments);
    return 0;
  });
}

}  // namespace lesson
