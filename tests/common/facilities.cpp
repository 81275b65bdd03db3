#include "facilities.hpp"

#include <fcntl.h>

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }
