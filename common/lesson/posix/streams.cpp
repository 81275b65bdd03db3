#include "streams.hpp"

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
#include <csignal>

namespace lesson {
namespace {

bool is_file(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/// Returns how many bytes certainly fit into a pipe that poll(2) calls ready: all that it can hold if it is empty, else
/// PIPE_BUF.
#ifdef F_GETPIPE_SZ
std::size_t room(int fd) {
  int unread = 0;
  const int size = fcntl(fd, F_GETPIPE_SZ);
  return size > 0 && ioctl(fd, FIONREAD, &unread) == 0 && unread == 0 ? static_cast<std::size_t>(size) : PIPE_BUF;
}
#else
std::size_t room(int) { return PIPE_BUF; }
#endif

/// Waits for the reader of a pipe, but not after a signal, because the reader may never come.
/// @return false if there is no room and a signal has come.
bool wait_for_room(int fd) {
  std::array<pollfd, 2> waiting = {{{fd, POLLOUT, 0}, {selectors::SignalPipe::active_fileno(), POLLIN, 0}}};
  while (poll(waiting.data(), waiting.size(), -1) < 0 && errno == EINTR) {
  }
  return waiting[0].revents != 0 || waiting[1].revents == 0;
}

}  // namespace

void prepare_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  // If 0, 1 or 2 were closed at the start, a socket could get that number, and the program would print into it.
  while (true) {
    const int fd = open("/dev/null", O_RDWR);
    if (fd > STDERR_FILENO) close(fd);
    if (fd < 0 || fd > STDERR_FILENO) return;
  }
}

bool write_all(Stream stream, std::string_view bytes) {
  static const std::array files = {false, is_file(STDOUT_FILENO), is_file(STDERR_FILENO)};  // files never block
  const int fd = static_cast<int>(stream);
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

bool shows_on_terminal() { return isatty(STDOUT_FILENO) == 1; }

int standard_input_fileno() { return STDIN_FILENO; }

std::ptrdiff_t read_standard_input(char* bytes, std::size_t size) {
  while (true) {
    const auto count = read(STDIN_FILENO, bytes, size);
    if (count >= 0) return count;
    // Under nohup it is open for writing only; in the background of a terminal that has gone, reading is an error.
    if (errno == EBADF || errno == EIO || errno == EISDIR) return 0;
    if (errno != EINTR) return count;
  }
}

std::string_view name_of_program(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace lesson
