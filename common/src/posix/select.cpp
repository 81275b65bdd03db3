#include <selectors/detail/refusals.hpp>
#include <selectors/errors.hpp>
#include <selectors/facility.hpp>

#include "alarm.hpp"
#include "identity.hpp"
#include "system_call.hpp"
#include "to_timespec.hpp"

#include <sys/select.h>

#include <algorithm>
#include <vector>

namespace selectors {
namespace {

class Select final : public Facility {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "select"; }

  void add(int fd, EventMask events, Owner) override {
    if (fd >= FD_SETSIZE)
      throw ValueError("register fd " + std::to_string(fd) + ": select(2) cannot hold numbers from " +
                       std::to_string(FD_SETSIZE) + " on; use another selector");
    watched_.push_back({fd, require_open_fd(fd)});
    set(fd, events);
  }

  void modify(int fd, EventMask events) override {
    if (const auto now = standing(fd); now != Standing::same) detail::throw_stale("modify", fd, now);
    set(fd, events);
  }

  void silence(int fd) noexcept override { set(fd, {}); }

  void remove(int fd) noexcept override {
    set(fd, {});
    watched_.erase(find(fd));
  }

  [[nodiscard]] Standing standing(int fd) noexcept override { return standing_of(fd, find(fd)->identity); }

  std::span<const Event> wait(const Timeout& timeout) override {
    events_.clear();
    fd_set readers;
    fd_set writers;
    int left = wait_once(timeout, readers, writers);
    if (left < 0 && errno == EBADF) {
      silence_closed();
      left = wait_once(std::chrono::nanoseconds::zero(), readers, writers);
    }
    if (left < 0 && errno != EINTR) throw_errno("select");
    for (const auto& [fd, identity] : watched_) {
      if (left <= 0) break;
      EventMask mask;
      if (FD_ISSET(fd, &readers)) mask |= EVENT_READ;
      if (FD_ISSET(fd, &writers)) mask |= EVENT_WRITE;
      if (!mask) continue;
      left -= (mask & EVENT_READ ? 1 : 0) + (mask & EVENT_WRITE ? 1 : 0);
      if (standing_of(fd, identity) == Standing::same)
        events_.push_back({fd, mask});
      else
        silence(fd);  // the number has been reused
    }
    return events_;
  }

 private:
  struct Watched {
    int fd;
    Identity identity;
  };

  std::vector<Watched>::iterator find(int fd) noexcept {
    return std::find_if(watched_.begin(), watched_.end(), [fd](const Watched& watched) { return watched.fd == fd; });
  }

  void set(int fd, EventMask events) noexcept {
    if (events & EVENT_READ)
      FD_SET(fd, &readers_);
    else
      FD_CLR(fd, &readers_);
    if (events & EVENT_WRITE)
      FD_SET(fd, &writers_);
    else
      FD_CLR(fd, &writers_);
  }

  /// Silences the numbers that were closed without remove: a single one makes select refuse all of them.
  void silence_closed() noexcept {
    for (const auto& [fd, identity] : watched_)
      if (standing_of(fd, identity) != Standing::same) silence(fd);
  }

  /// Returns how many are ready. A wait of less than a millisecond is not worth an alarm.
  int wait_once(const Timeout& timeout, fd_set& readers, fd_set& writers) {
    timespec limit{};
    if (timeout.length()) limit = to_timespec(*timeout.length());
    const int alarm = timeout.length() >= std::chrono::milliseconds(1) ? alarm_.set(*timeout.length()) : -1;
    const bool has_alarm = alarm >= 0 && alarm < FD_SETSIZE;
    int bound = has_alarm ? alarm + 1 : 0;
    for (const Watched& watched : watched_) bound = std::max(bound, watched.fd + 1);
    const int count = wait_or_look(timeout, [&] {
      readers = readers_;
      writers = writers_;
      if (has_alarm) FD_SET(alarm, &readers);
      return pselect(bound, &readers, &writers, nullptr, timeout.length() ? &limit : nullptr, nullptr);
    });
    return count > 0 && has_alarm && FD_ISSET(alarm, &readers) ? count - 1 : count;
  }

  Alarm alarm_;
  std::vector<Watched> watched_;
  std::vector<Event> events_;
  fd_set readers_{};
  fd_set writers_{};
};

}  // namespace

std::unique_ptr<Facility> make_select() { return std::make_unique<Select>(); }

}  // namespace selectors
