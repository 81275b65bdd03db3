#pragma once

#include <selectors/facility.hpp>

#include "os.hpp"
#include "system_call.hpp"

#include <optional>
#include <string>

namespace selectors {

/// Which socket has a number. Windows has no inodes. So each socket that Socket made has a serial number, and all those
/// that other code made share the number 0.
using Identity = unsigned;

/// What is open under the number; it has to be a socket, for select and WSAPoll take nothing else.
inline Identity require_socket(int fd) {
  const auto found = os::serial(fd);
  if (!found) throw_errno("register fd " + std::to_string(fd));
  return *found;
}

/// How a number stands that had this identity once.
inline Standing standing_of(int fd, Identity former) noexcept {
  const auto found = os::serial(fd);
  if (!found) return Standing::closed;
  return *found == former ? Standing::same : Standing::reused;
}

}  // namespace selectors
