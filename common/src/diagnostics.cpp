#include <selectors/detail/busy_loop_detector.hpp>
#include <selectors/diagnostics.hpp>

#include "os.hpp"

#include <cstdio>
#include <utility>

namespace selectors {
namespace {

std::optional<int> waiting_bytes(const Event& event) noexcept {
  return os::count_waiting(event.fd, bool(event.mask & EVENT_READ));
}

BusyLoop describe(const Event& event) {
  const bool to_read = bool(event.mask & EVENT_READ);
  const bool to_write = bool(event.mask & EVENT_WRITE);
  std::string message = "busy loop: fd " + std::to_string(event.fd) + " was ready to " +
                        (to_read && to_write ? "read and write"
                         : to_read           ? "read"
                                             : "write") +
                        " in " + std::to_string(detail::BusyLoopDetector::limit) +
                        " selects in a row, and nobody used it; ";
  message += to_read ? "read what is there, or unregister it"
                     : "register it for EVENT_WRITE only while there is something to write";
  return {event.fd, event.mask, std::move(message)};
}

}  // namespace

void print_busy_loop(const BusyLoop& busy) { std::fprintf(stderr, "selectors: %s\n", busy.message.c_str()); }

namespace detail {

#ifdef NDEBUG
bool looks_for_busy_loops() noexcept { return false; }
#else
bool looks_for_busy_loops() noexcept { return true; }
#endif

void BusyLoopDetector::end_walk() noexcept {
  for (const auto& [event, bytes] : suspects_)
    if (waiting_bytes(event) != bytes) sights_[slot_of(event.fd)].in_a_row = 0;
  suspects_.clear();
}

void BusyLoopDetector::deliver(const Event& event, const Socket& fileobj, std::uint64_t registered_at) {
  const std::size_t index = slot_of(event.fd);
  if (index >= sights_.size()) sights_.resize(index + 1);
  Sight& sight = sights_[index];
  if (sight.registered_at != registered_at) sight = {.registered_at = registered_at};
  const bool again = sight.turn + 1 == turn_ && sight.uses == fileobj.uses();
  sight.turn = turn_;
  sight.uses = fileobj.uses();
  sight.in_a_row = again ? sight.in_a_row + 1 : 1;
  // Bytes and time cost system calls, so they are looked up only for a descriptor that is suspect.
  if (sight.in_a_row <= limit / 2 || sight.reported) return;
  const auto now = std::chrono::steady_clock::now();
  if (sight.in_a_row == limit / 2 + 1) sight.suspect_since = now;
  if (const auto bytes = waiting_bytes(event))
    suspects_.push_back({event, *bytes});
  else if (fileobj.fileno() < 0)
    sight.in_a_row = 0;  // there is no way to know
  if (sight.in_a_row < limit) return;
  sight.in_a_row = 0;
  if (now - sight.suspect_since > std::chrono::milliseconds(500)) return;  // often, but not a whole processor's worth
  sight.reported = true;
  found_.push_back(describe(event));
}

void BusyLoopDetector::end_turn() {
  ++turn_;
  const auto found = std::exchange(found_, {});
  for (const BusyLoop& busy : found) handler_(busy);
}

}  // namespace detail
}  // namespace selectors
