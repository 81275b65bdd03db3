#include "terminal.hpp"

#include "streams.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

namespace lesson {
namespace {

std::string program_name;
bool quiet = false;
bool first_line = true;
int turns = 0;      // how many are under way
std::string lines;  // printed, and not yet written
bool lost_output = false;

/// If a turn has gathered this many bytes, they are written before it ends: lines that clients cause must not pile up.
constexpr std::size_t most_gathered = 1'048'576;

void write_error(std::string_view message) {
  write_all(Stream::error,
            program_name + ": " + std::string(message) + '\n');  // if this fails too, there is no way to report it
}

/// Lines that cannot be written are lost, but nobody else suffers from it: a server whose log is full goes on.
void write_lines() {
  if (lines.empty()) return;
  std::string written = std::exchange(lines, {});
  if (!write_all(Stream::output, written) && !std::exchange(lost_output, true))
    write_error("write to standard output: " + std::generic_category().message(errno) +
                "; lines are lost as long as this lasts");
  written.clear();
  lines = std::move(written);  // reuse its memory
}

}  // namespace

void write_output(std::string_view bytes) {
  if (!write_all(Stream::output, bytes))
    throw std::system_error(errno, std::generic_category(), "write to standard output");
}

void show_output(std::string_view bytes) {
  static const bool is_terminal = shows_on_terminal();
  static Decoder text;
  if (is_terminal)
    write_output(std::string(text.decode(bytes)));
  else
    write_output(bytes);
}

Turn::Turn() { ++turns; }

Turn::~Turn() {
  if (--turns == 0) write_lines();
}

bool has_lost_output() { return lost_output; }

bool is_shown() { return !quiet || first_line; }

std::string& next_line() { return lines; }

void end_line() {
  first_line = false;
  lines += '\n';
  if (turns == 0 || lines.size() >= most_gathered) write_lines();
}

void be_quiet() { quiet = true; }

void set_program_name(std::string_view path) { program_name = name_of_program(path); }

void print_error(std::string_view message) {
  write_lines();  // so that earlier lines come first
  write_error(message);
}

int StandardInput::fileno() { return standard_input_fileno(); }

std::optional<std::string> read_input(std::size_t size) {
  std::string bytes(size, '\0');
  const auto count = read_standard_input(bytes.data(), size);
  if (count < 0 && errno == EAGAIN) return std::nullopt;
  if (count < 0) throw std::system_error(errno, std::generic_category(), "read standard input");
  bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

}  // namespace lesson
