// Preloaded: the kernel takes one byte of whatever is sent, every time.
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

extern "C" {

ssize_t sendto(int fd, const void* bytes, size_t size, int flags, const sockaddr* address, socklen_t address_size) {
  return syscall(SYS_sendto, fd, bytes, std::min<size_t>(size, 1), flags, address, address_size);
}

ssize_t send(int fd, const void* bytes, size_t size, int flags) { return sendto(fd, bytes, size, flags, nullptr, 0); }
}
