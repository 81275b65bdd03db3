// What the kernel tells about a process from outside: by way of /proc in linux/, of ps and lsof in macos/.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>

namespace support {

/// The processor time that it has used so far, by the kernel's precise clock.
/// @throws std::system_error
std::chrono::nanoseconds cpu_time(pid_t pid);

/// Whether it works at this moment, or a tracer holds it between two steps of its work. Else it sleeps, or has ended.
bool at_work(pid_t pid);

/// What it has in memory of its own, and on Linux the most it ever had since forget_peak().
/// @throws std::runtime_error if it is not there any more.
double resident_bytes(pid_t pid);
double peak_bytes(pid_t pid);
void forget_peak(pid_t pid);

/// @throws std::filesystem::filesystem_error if it is not there any more.
std::size_t open_descriptors(pid_t pid);

/// How many connections to this port have been accepted and not closed yet, whoever holds them. One in the listening
/// socket's queue has no inode.
std::size_t accepted_connections(int port);

/// A descriptor that becomes readable when it ends, or -1 where the kernel has no such thing.
int watch_end(pid_t pid);

}  // namespace support
