#pragma once

#include <fcntl.h>

#include <set>

/// The descriptors with numbers below `bound` that are open.
inline std::set<int> open_descriptors(int bound) {
  std::set<int> open;
  for (int fd = 0; fd < bound; ++fd)
    if (fcntl(fd, F_GETFD) >= 0) open.insert(fd);
  return open;
}
