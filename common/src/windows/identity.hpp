#pragma once

#include <selectors/facility.hpp>

#include "os.hpp"
#include "system_call.hpp"

#include <optional>
#include <string>

namespace selectors {

/// Which socket is open under a number. Windows has no inodes, so each socket that Socket made has a serial number; all
/// sockets that other code made share the number 0.
using Identity = unsigned;

/// Returns what is open under the number; throws if it is not a socket, because select and WSAPoll take only sockets.
inline Identity require_socket(int fd) {
  const auto found = os::serial(fd);
  if (!found) throw_errno("register fd " + std::to_string(fd));
  return *found;
}

/// Returns the state of a number that had this identity earlier.
inline Standing standing_of(int fd, Identity former) noexcept {
  const auto found = os::serial(fd);
  if (!found) return Standing::closed;
  return *found == former ? Standing::same : Standing::reused;
}

}  // namespace selectors
