#include <selectors/diagnostics.hpp>

#include <sys/ioctl.h>
#ifdef __linux__
#include <linux/sockios.h>
#endif

#include <cstdio>
#include <utility>

namespace selectors {
namespace {

/// How many bytes wait to be read from a descriptor, or to leave it. Where the kernel does not say, 0.
std::uint64_t waiting_bytes(const Event& event) {
  int count = 0;
#ifdef SIOCOUTQ
  if (!(event.mask & EVENT_READ) && ioctl(event.fd, SIOCOUTQ, &count) == 0) return static_cast<std::uint64_t>(count);
#endif
  return ioctl(event.fd, FIONREAD, &count) == 0 ? static_cast<std::uint64_t>(count) : 0;
}

BusyLoop describe(const Event& event) {
  const bool to_read = bool(event.mask & EVENT_READ);
  const bool to_write = bool(event.mask & EVENT_WRITE);
  std::string message = "busy loop: fd " + std::to_string(event.fd) + " was ready to " +
                        (to_read && to_write ? "read and write"
                         : to_read           ? "read"
                                             : "write") +
                        " in " + std::to_string(BusyLoopDetector::limit) + " selects in a row, and nobody used it; ";
  message += to_read ? "read what is there, or unregister it"
                     : "register it for EVENT_WRITE only while there is something to write";
  return {event.fd, event.mask, std::move(message)};
}

}  // namespace

void print_busy_loop(const BusyLoop& busy) { std::fprintf(stderr, "selectors: %s\n", busy.message.c_str()); }

void BusyLoopDetector::deliver(const Event& event, const Socket& fileobj, std::uint64_t registered_in) {
  const auto index = static_cast<std::size_t>(event.fd);
  if (index >= sights_.size()) sights_.resize(index + 1);
  Sight& sight = sights_[index];
  const bool is_socket = fileobj.fileno() >= 0;
  if (sight.registered_in != registered_in) sight = {.registered_in = registered_in};
  const bool again = sight.turn + 1 == turn_;
  sight.turn = turn_;
  // The bytes in a plain number cost a system call: they are asked for only once it has become suspect.
  const bool suspect = again && sight.in_a_row >= limit / 2;
  const std::uint64_t used = is_socket ? fileobj.uses() : suspect ? waiting_bytes(event) : 0;
  const bool comparable = is_socket || (suspect && sight.in_a_row > limit / 2);
  const bool unused = again && !(comparable && used != sight.used);
  sight.in_a_row = unused ? sight.in_a_row + 1 : 1;
  sight.used = used;
  if (sight.in_a_row < limit || sight.reported) return;
  sight.reported = true;
  found_.push_back(describe(event));
}

void BusyLoopDetector::end_turn() {
  ++turn_;
  const auto found = std::exchange(found_, {});
  for (const BusyLoop& busy : found) handler_(busy);
}

}  // namespace selectors
