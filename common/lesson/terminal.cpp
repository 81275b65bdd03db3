#include "terminal.hpp"

#include <selectors/signal_pipe.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <exception>
#include <system_error>
#include <utility>

namespace lesson {
namespace {

std::string program_name;
bool quiet = false;
bool first_line = true;
int turns = 0;      // that last
std::string lines;  // printed, and not yet written

/// So much is written before the turn ends: what clients make us print must not pile up.
constexpr std::size_t most_gathered = 1'048'576;

bool is_file(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/// How much has room for certain in what poll(2) calls ready: all that a pipe can hold if it is empty, else a page of
/// it.
std::size_t room(int fd) {
#ifdef F_GETPIPE_SZ
  int unread = 0;
  const int size = fcntl(fd, F_GETPIPE_SZ);
  if (size > 0 && ioctl(fd, FIONREAD, &unread) == 0 && unread == 0) return static_cast<std::size_t>(size);
#endif
  return PIPE_BUF;
}

/// Waits where the other end of a pipe is slow; but not after a signal, for the reader may never come.
/// @return false if it is not to be waited for any longer.
bool wait_for_room(int fd) {
  std::array<pollfd, 2> waiting = {{{fd, POLLOUT, 0}, {selectors::SignalPipe::active_fileno(), POLLIN, 0}}};
  while (poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
  }
  return waiting[0].revents != 0 || waiting[1].revents == 0;
}

/// Writes all of it, as far as it is worth to wait.
bool write_all(int fd, std::string_view bytes) {
  static const std::array files = {false, is_file(STDOUT_FILENO), is_file(STDERR_FILENO)};  // these make nobody wait
  const bool file = files.at(static_cast<std::size_t>(fd));
  while (!bytes.empty()) {
    if (!file && !wait_for_room(fd)) return true;
    const std::size_t most = file || bytes.size() <= PIPE_BUF ? bytes.size() : std::min(bytes.size(), room(fd));
    const auto written = write(fd, bytes.data(), most);
    if (written >= 0)
      bytes.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EAGAIN && errno != EINTR)
      return false;
  }
  return true;
}

void append_hex(std::string& text, unsigned char byte) {
  constexpr std::string_view digits = "0123456789abcdef";
  text += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
}

/// How many bytes at the front stand for themselves. In blocks as far as they go, which the compiler looks at at once.
std::size_t plain_size(std::string_view bytes, char quote) {
  const auto is_special = [quote](char c) { return c < ' ' || c > '~' || c == quote || c == '\\'; };
  constexpr std::size_t block = 32;
  std::size_t size = 0;
  while (size + block <= bytes.size()) {
    char special = 0;  // a bool would be looked at byte by byte
    for (std::size_t i = 0; i < block; ++i)
      special = static_cast<char>(special | (is_special(bytes[size + i]) ? 1 : 0));
    if (special != 0) break;
    size += block;
  }
  while (size < bytes.size() && !is_special(bytes[size])) ++size;
  return size;
}

void append_escaped(std::string& text, char c, char quote) {
  if (c == quote || c == '\\')
    text += {'\\', c};
  else if (c == '\t')
    text += "\\t";
  else if (c == '\n')
    text += "\\n";
  else if (c == '\r')
    text += "\\r";
  else
    append_hex(text, static_cast<unsigned char>(c));
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

template <class Bytes>
std::string text_of(const Bytes& bytes) {
  std::string text;
  bytes.append_to(text);
  return text;
}

}  // namespace

void write_output(std::string_view bytes) {
  if (!write_all(STDOUT_FILENO, bytes))
    throw std::system_error(errno, std::system_category(), "write to standard output");
}

void write_lines() {
  if (lines.empty()) return;
  std::string written = std::exchange(lines, {});
  write_output(written);
  written.clear();
  lines = std::move(written);  // its memory serves again
}

Turn::Turn() : exceptions_(std::uncaught_exceptions()) { ++turns; }

Turn::~Turn() noexcept(false) {  // NOLINT(bugprone-exception-escape): as print does
  if (--turns > 0) return;
  if (std::uncaught_exceptions() == exceptions_)
    write_lines();
  else
    write_all(STDOUT_FILENO, std::exchange(lines, {}));
}

bool is_shown() { return !quiet || first_line; }

std::string& next_line() { return lines; }

void end_line() {
  first_line = false;
  lines += '\n';
  if (turns == 0 || lines.size() >= most_gathered) write_lines();
}

void be_quiet() { quiet = true; }

void set_program_name(std::string_view path) { program_name = path.substr(path.rfind('/') + 1); }

void print_error(std::string_view message) {
  write_all(STDOUT_FILENO, std::exchange(lines, {}));  // what was printed before it stands before it
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

void Repr::append_to(std::string& text) const {
  const bool double_quoted = bytes.find('\'') != bytes.npos && bytes.find('"') == bytes.npos;
  const char quote = double_quoted ? '"' : '\'';
  text += {'b', quote};
  for (std::string_view left = bytes; !left.empty();) {
    const std::size_t plain = plain_size(left, quote);
    text += left.substr(0, plain);
    left.remove_prefix(plain);
    if (left.empty()) break;
    append_escaped(text, left.front(), quote);
    left.remove_prefix(1);
  }
  text += quote;
}

void Decoded::append_to(std::string& text) const {
  for (std::string_view left = bytes; !left.empty();) {
    const std::size_t size = character_size(left);
    const auto lead = static_cast<unsigned char>(left.front());
    if (size == 0)
      text += "\ufffd";
    else if (size == 2 && lead == 0xc2 && static_cast<unsigned char>(left[1]) < 0xa0)
      append_hex(text,
                 static_cast<unsigned char>(left[1]));  // the second block of control characters, U+0080 to U+009F
    else if ((lead < 0x20 && lead != '\n' && lead != '\t') || lead == 0x7f)
      append_hex(text, lead);
    else
      text += left.substr(0, size);
    left.remove_prefix(size == 0 ? 1 : size);
  }
}

Repr::operator std::string() const { return text_of(*this); }

Decoded::operator std::string() const { return text_of(*this); }

}  // namespace lesson
