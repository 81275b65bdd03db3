#include <selectors/errors.hpp>
#include <selectors/facility.hpp>

#include "facility_support.hpp"
#include "system_call.hpp"

#include <sys/select.h>

#include <algorithm>
#include <vector>

namespace selectors {
namespace {

class Select final : public Facility {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "select"; }

  void add(int fd, EventMask events) override {
    if (fd >= FD_SETSIZE)
      throw ValueError("register fd " + std::to_string(fd) + ": select(2) cannot hold numbers from " +
                       std::to_string(FD_SETSIZE) + " on; use another selector");
    require_open_fd(fd);
    watched_.push_back(fd);
    set(fd, events);
  }

  void modify(int fd, EventMask events) override {
    require_open_fd(fd);
    set(fd, events);
  }

  void remove(int fd) noexcept override {
    set(fd, {});
    watched_.erase(std::find(watched_.begin(), watched_.end(), fd));
  }

  std::span<const Event> wait(const Timeout& timeout) override {
    events_.clear();
    fd_set readers;
    fd_set writers;
    int left = wait_once(timeout, readers, writers);
    if (left < 0 && errno == EBADF) {
      forget_closed();
      left = wait_once(std::chrono::nanoseconds::zero(), readers, writers);
    }
    if (left < 0 && errno != EINTR) throw_errno("select");
    for (const int fd : watched_) {
      if (left <= 0) break;
      EventMask mask;
      if (FD_ISSET(fd, &readers)) mask |= EVENT_READ;
      if (FD_ISSET(fd, &writers)) mask |= EVENT_WRITE;
      if (!mask) continue;
      left -= (mask & EVENT_READ ? 1 : 0) + (mask & EVENT_WRITE ? 1 : 0);
      events_.push_back({fd, mask});
    }
    return events_;
  }

 private:
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

  /// One number closed behind our back makes select refuse them all.
  void forget_closed() {
    for (const int fd : watched_)
      if (fcntl(fd, F_GETFD) < 0) set(fd, {});
  }

  int wait_once(const Timeout& timeout, fd_set& readers, fd_set& writers) const {
    readers = readers_;
    writers = writers_;
    const int bound = watched_.empty() ? 0 : *std::max_element(watched_.begin(), watched_.end()) + 1;
    timespec limit{};
    if (timeout.length()) limit = to_timespec(*timeout.length());
    return pselect(bound, &readers, &writers, nullptr, timeout.length() ? &limit : nullptr, nullptr);
  }

  std::vector<int> watched_;
  std::vector<Event> events_;
  fd_set readers_{};
  fd_set writers_{};
};

}  // namespace

std::unique_ptr<Facility> make_select() { return std::make_unique<Select>(); }

}  // namespace selectors
