// Descriptors that the programs which a test starts do not inherit.
#pragma once

#include <fcntl.h>

namespace support {

/// Everywhere, unlike O_CLOEXEC and its like; nothing is started in another thread between the two calls.
inline int not_inherited(int fd) {
  fcntl(fd, F_SETFD, FD_CLOEXEC);
  return fd;
}

}  // namespace support
