/// @file
/// What all lessons' programs share: arguments, help, and error reports. Not part of the library.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <type_traits>
#include <vector>

namespace lesson {

/// The arguments of a program, or the defaults of the Python program.
struct Arguments {
  std::string host;     ///< A name or a numeric address.
  std::uint16_t port;   ///< 0 to 65535; 0 asks for a free port.
  int connections = 0;  ///< How many connections a client opens; 0 if the program has no such option.
  bool listen = false;  ///< True after `--listen`.
  std::map<std::string, std::string> options = {};  ///< The program's own options that were given, with their values.

  /// Returns the value of an option that is a number.
  /// @param otherwise the result if the option was not given.
  [[nodiscard]] int number(const std::string& option, int otherwise) const;
};

/// An option, with a value, that only this program has.
struct Option {
  const char* name;   ///< As it is typed: `--cert`.
  const char* value;  ///< What `--help` calls the value: `FILE`.
  const char* about;  ///< What `--help` says about it.
  int least = 0;      ///< If the value is a number: the least that is allowed,
  int most = 0;       ///< and the most; 0 if it is not a number.
};

/// The description of a program.
struct Program {
  const char* about;                 ///< One sentence for `--help`.
  Arguments defaults;                ///< The host and port of the Python program.
  bool quiet = false;                ///< True if it has the option `--quiet`.
  bool either_side = false;          ///< True if it is called `[HOST] PORT`, with no default port, and has `--listen`.
  std::vector<Option> options = {};  ///< The program's own options.
};

/// Runs a lesson's program: `PROGRAM [HOST] [PORT]`, `--help`, and with `--quiet` only the first line and errors.
///
/// @param argc,argv those of `main`.
/// @param program what `--help` says, and the defaults.
/// @param body the lesson. It returns the exit status.
/// @return the exit status: the body's; 1 if the body threw, after one line on standard error, or if lines that it
///   printed were lost; 2 for a bad argument.
int run(int argc, char** argv, const Program& program, const std::function<int(const Arguments&)>& body);

/// Runs a body that returns nothing: the exit status is 0 if it does not throw.
template <class Body>
requires std::is_void_v<std::invoke_result_t<Body, const Arguments&>>
int run(int argc, char** argv, const Program& program, Body body) {
  return run(argc, argv, program, [&](const Arguments& arguments) {
    body(arguments);
    return 0;
  });
}

}  // namespace lesson
