#include "streams.hpp"

#include <selectors/selectors.hpp>

#include <windows.h>

#include <fcntl.h>
#include <io.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <thread>
#include <utility>

namespace lesson {
namespace {

bool is_console(HANDLE handle) {
  DWORD mode = 0;
  return GetConsoleMode(handle, &mode) != 0;
}

/// Returns what was typed at a console, as UTF-8, with the line end of all other systems; nothing after Ctrl-Z.
std::string read_console(HANDLE input) {
  std::array<wchar_t, 4096> typed{};
  DWORD count = 0;
  if (ReadConsoleW(input, typed.data(), static_cast<DWORD>(typed.size()), &count, nullptr) == 0) return {};
  std::wstring text(typed.data(), count);
  if (text.starts_with(L'\x1a')) return {};
  std::erase(text, L'\r');
  const auto convert = [&text](char* bytes, int room) {
    return WideCharToMultiByte(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), bytes, room, nullptr, nullptr);
  };
  std::string bytes(static_cast<std::size_t>(convert(nullptr, 0)), '\0');
  convert(bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

/// Returns what is there in a pipe or a file.
std::string read_bytes(HANDLE input) {
  std::array<char, 65'536> bytes;
  DWORD count = 0;
  if (ReadFile(input, bytes.data(), static_cast<DWORD>(bytes.size()), &count, nullptr) == 0) return {};
  return {bytes.data(), count};
}

/// Passes on what it reads, until the end. The program never waits for this thread, which may block in a read forever.
void feed(selectors::Socket& to) {
  const HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
  const bool console = is_console(input);
  try {
    for (std::string bytes = "-"; !bytes.empty();) {
      bytes = console ? read_console(input) : read_bytes(input);
      for (std::string_view rest = bytes; !rest.empty();) rest.remove_prefix(to.send(rest));
    }
    to.shutdown(selectors::Shutdown::write);
  } catch (const std::system_error&) {  // the program has closed its end
  }
}

/// Winsock can wait only for sockets. So a thread reads, and passes on what it has read over a pair of sockets.
selectors::Socket& fed() {
  static auto* const ends = [] {
    auto* const made = new std::pair(selectors::socketpair());  // never deleted, because the thread may still use it
    std::thread([made] { feed(made->second); }).detach();
    return made;
  }();
  return ends->first;
}

HANDLE handle_of(Stream stream) {
  return GetStdHandle(stream == Stream::output ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE);
}

/// Returns the errno for an error of Windows.
int to_errno(DWORD error) {
  switch (error) {
    case ERROR_BROKEN_PIPE:
    case ERROR_NO_DATA:
    case ERROR_PIPE_NOT_CONNECTED:
      return EPIPE;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
      return ENOSPC;
    case ERROR_INVALID_HANDLE:
      return EBADF;
    default:
      return EIO;
  }
}

}  // namespace

void prepare_streams() {
  SetConsoleOutputCP(CP_UTF8);
  for (std::FILE* const stream : {stdout, stderr}) _setmode(_fileno(stream), _O_BINARY);
}

bool write_all(Stream stream, std::string_view bytes) {
  while (!bytes.empty()) {
    DWORD written = 0;
    if (WriteFile(handle_of(stream), bytes.data(), static_cast<DWORD>(bytes.size()), &written, nullptr) == 0) {
      errno = to_errno(GetLastError());
      return false;
    }
    bytes.remove_prefix(written);
  }
  return true;
}

bool shows_on_terminal() { return is_console(handle_of(Stream::output)); }

int standard_input_fileno() { return fed().fileno(); }

std::ptrdiff_t read_standard_input(char* bytes, std::size_t size) {
  const auto received = fed().recv_into({bytes, size});
  return static_cast<std::ptrdiff_t>(received->size());  // a blocking socket always has a result
}

std::string_view name_of_program(std::string_view path) {
  path = path.substr(path.find_last_of("/\\") + 1);
  return path.substr(0, path.rfind(".exe"));
}

}  // namespace lesson
