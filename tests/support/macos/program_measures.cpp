// Nobody gets at the sockets of another process here: what a test does or sees with them on Linux is left out.
#include "../measures.hpp"
#include "../program.hpp"

namespace support {

long Program::cpu_ticks() const { return static_cast<long>(cpu_time(pid_) / std::chrono::milliseconds(10)); }

long Program::resident_kib() const { return static_cast<long>(resident_bytes(pid_) / 1024); }

void Program::expect_nonblocking_listener() const {}

void Program::shrink_send_buffers() const {}

}  // namespace support
