// How a program is called and started: the lessons' own, or any other.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

namespace support {

/// What is run: its name in the story, and a command line for the shell.
struct Command {
  std::string name;
  std::string line;

  /// What the environment variable says, the student's own program; else the lesson's program that it stands for.
  Command(std::string_view variable);  // NOLINT(google-explicit-constructor): the tests name a program by its variable
  Command(const char* variable) : Command(std::string_view(variable)) {}  // NOLINT(google-explicit-constructor)
  Command(std::string_view called, std::string command_line) : name(called), line(std::move(command_line)) {}
};

/// How a program is started beyond its arguments.
struct Start {
  std::vector<std::string> arguments = {};
  std::string input = {};      ///< A file to be its standard input; empty for a pipe of the test's.
  bool unread = false;         ///< True to read nothing of its output after the first line.
  bool closed = false;         ///< True to close its output after the first line: its reader has gone.
  bool dropped = false;        ///< True to read its output after the first line, and keep nothing of it.
  bool unread_errors = false;  ///< True to read nothing of its standard error, a pipe of one page on Linux.
  int descriptor_limit = 0;    ///< RLIMIT_NOFILE, 0 for the limit that the test has.
  std::vector<std::string> environment = {};  ///< Variables besides those of the test: `NAME=value`.
  std::string preload = {};  ///< A shared library to be loaded before the C library, by the program alone.
  std::string under = {};    ///< What runs it, a command line to be put before its own: strace, say.
};

/// A process that was just started, and the test's ends of its pipes.
struct Started {
  pid_t pid;
  int in;  ///< -1 if its input is a file.
  int out;
  int err;
  int end;  ///< Readable once it has ended; -1 where the kernel has no such thing.
};

/// True if strace is there and may trace: what Start::under has it do works.
bool can_trace();

/// Starts it by way of the shell's exec: the process is the program itself, where `under` allows it.
Started start_process(const Command& command, const Start& start);

/// How a process ended, as waitpid(2) reports it: `status 1`, `killed by signal 13`.
std::string exit_text(int status);

/// The same in a sentence: `ends with status 1`, `is killed by signal 13`.
std::string how_it_ends(int status);

/// The same afterwards: `ended with status 1`, `was killed by signal 13`.
std::string how_it_ended(int status);

}  // namespace support
