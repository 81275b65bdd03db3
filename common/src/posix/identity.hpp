#pragma once

#include <selectors/facility.hpp>

#include "system_call.hpp"

#include <sys/stat.h>

#include <optional>
#include <string>

namespace selectors {

/// Which file is open under a number. It distinguishes a number from the same number closed and opened again.
struct Identity {
  dev_t device = 0;
  ino_t inode = 0;

  friend bool operator==(const Identity&, const Identity&) = default;
};

/// Returns what is open under the number, or nothing.
inline std::optional<Identity> look_up(int fd) noexcept {
  struct stat status {};
  if (fstat(fd, &status) < 0) return std::nullopt;
  return Identity{status.st_dev, status.st_ino};
}

/// Returns the same for a number that must be open; throws if it is not. poll and select would notice only when they
/// wait.
inline Identity require_open_fd(int fd) {
  const auto found = look_up(fd);
  if (!found) throw_errno("register fd " + std::to_string(fd));
  return *found;
}

/// Returns the state of a number that had this identity earlier. If the kernel cannot say, it counts as unchanged.
inline Standing standing_of(int fd, const Identity& former) noexcept {
  const auto found = look_up(fd);
  if (!found) return errno == EBADF ? Standing::closed : Standing::same;
  return *found == former ? Standing::same : Standing::reused;
}

}  // namespace selectors
