#include "terminal.hpp"

#include <selectors/signal_pipe.hpp>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <system_error>

namespace lesson {
namespace {

std::string program_name;
bool quiet = false;
bool first_line = true;

/// Writes all of it, waiting where the other end of a pipe is slow; but not after a signal, for the reader may never
/// come.
bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    std::array<pollfd, 2> waiting = {{{fd, POLLOUT, 0}, {selectors::SignalPipe::active_fileno(), POLLIN, 0}}};
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return false;
    if (waiting[0].revents == 0 && waiting[1].revents != 0) return true;
    if (waiting[0].revents == 0) continue;
    const auto written = write(fd, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));  // so much has room
    if (written >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EAGAIN && errno != EINTR)
      return false;
  }
  return true;
}

std::string hex(unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  return {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
}

/// How many bytes at the front are one UTF-8 character: 0 if they are none. Follows table 3-7 of the Unicode standard.
std::size_t character_size(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U; };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t size = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;  // no overlong forms
  const unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;   // no surrogates, nothing past U+10FFFF
  if (at(1) < least || at(1) > most) return 0;
  for (std::size_t i = 2; i < size; ++i)
    if ((at(i) & 0xc0U) != 0x80) return 0;
  return size;
}

}  // namespace

void write_output(std::string_view bytes) {
  if (!write_all(STDOUT_FILENO, bytes))
    throw std::system_error(errno, std::system_category(), "write to standard output");
}

void print_line(const std::string& line) {
  if (quiet && !first_line) return;
  first_line = false;
  write_output(line + '\n');
}

void be_quiet() { quiet = true; }

void set_program_name(std::string_view path) { program_name = path.substr(path.rfind('/') + 1); }

void print_error(std::string_view message) {
  write_all(STDERR_FILENO,
            program_name + ": " + std::string(message) + '\n');  // if this fails there is nobody left to tell
}

std::optional<std::string> read_input(std::size_t size) {
  std::string bytes(size, '\0');
  while (true) {
    const auto count = read(standard_input, bytes.data(), size);
    if (count >= 0) {
      bytes.resize(static_cast<std::size_t>(count));
      return bytes;
    }
    if (errno == EAGAIN) return std::nullopt;
    if (errno != EINTR) throw std::system_error(errno, std::system_category(), "read standard input");
  }
}

std::string repr(std::string_view bytes) {
  const bool double_quoted = bytes.find('\'') != bytes.npos && bytes.find('"') == bytes.npos;
  const char quote = double_quoted ? '"' : '\'';
  std::string text = {'b', quote};
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\')
      text += {'\\', c};
    else if (c == '\t')
      text += "\\t";
    else if (c == '\n')
      text += "\\n";
    else if (c == '\r')
      text += "\\r";
    else if (byte < 0x20 || byte > 0x7e)
      text += hex(byte);
    else
      text += c;
  }
  return text + quote;
}

std::string decode(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t size = character_size(bytes);
    const auto lead = static_cast<unsigned char>(bytes.front());
    if (size == 0)
      text += "\ufffd";
    else if (size == 2 && lead == 0xc2 && static_cast<unsigned char>(bytes[1]) < 0xa0)
      text += hex(static_cast<unsigned char>(bytes[1]));  // the second block of control characters, U+0080 to U+009F
    else if ((lead < 0x20 && lead != '\n' && lead != '\t') || lead == 0x7f)
      text += hex(lead);
    else
      text += bytes.substr(0, size);
    bytes.remove_prefix(size == 0 ? 1 : size);
  }
  return text;
}

}  // namespace lesson
