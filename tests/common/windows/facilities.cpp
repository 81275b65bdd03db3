#include "../facilities.hpp"

#include "../durations.hpp"

#include <winsock2.h>

bool is_open(int fd) {
  int type = 0;
  int size = sizeof type;
  return getsockopt(static_cast<SOCKET>(fd), SOL_SOCKET, SO_TYPE, reinterpret_cast<char*>(&type), &size) == 0;
}

std::chrono::milliseconds processor_time() {
  FILETIME unused{};
  FILETIME kernel{};
  FILETIME user{};
  GetProcessTimes(GetCurrentProcess(), &unused, &unused, &kernel, &user);
  const auto ticks = [](const FILETIME& time) {
    return static_cast<std::int64_t>(std::uint64_t{time.dwHighDateTime} << 32U | time.dwLowDateTime);
  };
  using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>;
  return std::chrono::duration_cast<std::chrono::milliseconds>(Ticks(ticks(kernel) + ticks(user)));
}
