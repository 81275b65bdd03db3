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
#include <system_error>
#include <utility>

namespace lesson {
namespace {

std::string program_name;
bool quiet = false;
bool first_line = true;
int turns = 0;      // that last
std::string lines;  // printed, and not yet written
bool lost_output = false;

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

void write_error(std::string_view message) {
  write_all(STDERR_FILENO,
            program_name + ": " + std::string(message) + '\n');  // if this fails there is nobody left to tell
}

/// What cannot be written is lost, and nobody else has to pay for it: a server whose log is full goes on.
void write_lines() {
  if (lines.empty()) return;
  std::string written = std::exchange(lines, {});
  if (!write_all(STDOUT_FILENO, written) && !std::exchange(lost_output, true))
    write_error("write to standard output: " + std::system_category().message(errno) +
                "; lines are lost as long as this lasts");
  written.clear();
  lines = std::move(written);  // its memory serves again
}

}  // namespace

void write_output(std::string_view bytes) {
  if (!write_all(STDOUT_FILENO, bytes))
    throw std::system_error(errno, std::system_category(), "write to standard output");
}

void show_output(std::string_view bytes) {
  static const bool is_terminal = isatty(STDOUT_FILENO) == 1;
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

void set_program_name(std::string_view path) { program_name = path.substr(path.rfind('/') + 1); }

void print_error(std::string_view message) {
  write_lines();  // what was printed before it stands before it
  write_error(message);
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
    // Under nohup it is open for writing only, in the background of a terminal that has gone it is an error.
    if (errno == EBADF || errno == EIO || errno == EISDIR) return std::string();
    if (errno != EINTR) throw std::system_error(errno, std::system_category(), "read standard input");
  }
}

}  // namespace lesson
