#ifdef __linux__

#include <selectors/facility.hpp>

#include "always_ready.hpp"
#include "facility_support.hpp"
#include "system_call.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace selectors {
namespace {

std::uint32_t wanted(EventMask events) {
  return ((events & EVENT_READ) ? EPOLLIN : 0U) | ((events & EVENT_WRITE) ? EPOLLOUT : 0U);
}

EventMask found(std::uint32_t ready) {
  if (ready == EPOLLIN) return EVENT_READ;  // nearly always
  EventMask mask;
  if (ready & ~std::uint32_t{EPOLLOUT}) mask |= EVENT_READ;
  if (ready & ~std::uint32_t{EPOLLIN}) mask |= EVENT_WRITE;
  return mask;
}

class Epoll final : public Facility {
 public:
  Epoll() : epoll_fd_(checked(epoll_create1(EPOLL_CLOEXEC), [] { return "make an epoll instance"; })) {}
  Epoll(const Epoll&) = delete;
  Epoll& operator=(const Epoll&) = delete;
  ~Epoll() override { close(epoll_fd_); }

  [[nodiscard]] const char* name() const noexcept override { return "epoll"; }

  void add(int fd, EventMask events) override {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= watched_.size()) {
      require_open_fd(fd);  // before so much memory is taken for a number that cannot be
      watched_.resize(std::max(index + 1, 2 * watched_.size()));
    }
    if (control(EPOLL_CTL_ADD, fd, events) == 0)
      watched_[index] = events;
    else if (errno == EPERM)
      always_ready_.add(fd, events);  // a regular file, /dev/null
    else
      throw_errno("epoll_ctl to add fd " + std::to_string(fd));
  }

  void modify(int fd, EventMask events) override {
    if (always_ready_.modify(fd, events)) return;
    checked(control(EPOLL_CTL_MOD, fd, events), [&] { return "epoll_ctl to modify fd " + std::to_string(fd); });
    watched_[static_cast<std::size_t>(fd)] = events;
  }

  void remove(int fd) noexcept override {
    if (always_ready_.remove(fd)) return;
    watched_[static_cast<std::size_t>(fd)] = {};
    if (control(EPOLL_CTL_DEL, fd, {}) < 0) rebuild();
  }

  std::span<const Event> wait(const Timeout& timeout) override {
    int count = wait_once(always_ready_.limit(timeout));
    // A full buffer may hide more. What was reported is still ready, so a larger one asked at once gets it all.
    while (count == static_cast<int>(ready_.size())) {
      ready_.resize(ready_.size() * 2);
      count = wait_once(std::chrono::nanoseconds::zero());
    }
    events_.resize(static_cast<std::size_t>(std::max(count, 0)));
    for (std::size_t i = 0; i < events_.size(); ++i) events_[i] = {ready_[i].data.fd, found(ready_[i].events)};
    always_ready_.append_to(events_);
    return events_;
  }

 private:
  int control(int operation, int fd, EventMask events) const noexcept {
    epoll_event event{};
    event.events = wanted(events);
    event.data.fd = fd;
    return epoll_ctl(epoll_fd_, operation, fd, &event);
  }

  /// A number closed before it was removed cannot be removed any more. If a duplicate keeps what was behind it open,
  /// the kernel goes on reporting it, under a number that may be somebody else's by now. Only a fresh set knows nothing
  /// of it.
  void rebuild() noexcept {
    const int fresh = epoll_create1(EPOLL_CLOEXEC);
    if (fresh < 0) return;              // as good as it was: the selector above passes over what it does not know
    dup3(fresh, epoll_fd_, O_CLOEXEC);  // under the old number, which nobody outside may have taken for free
    close(fresh);
    for (std::size_t fd = 0; fd < watched_.size(); ++fd)
      if (watched_[fd]) control(EPOLL_CTL_ADD, static_cast<int>(fd), watched_[fd]);
  }

  int wait_once(const Timeout& timeout) {
    int count = 0;
    if (const auto& length = timeout.length(); !length || *length == length->zero())
      count = epoll_wait(epoll_fd_, ready_.data(), static_cast<int>(ready_.size()), length ? 0 : -1);
    else
      count = wait_finitely(*length);
    if (count < 0 && errno != EINTR) throw_errno("epoll_wait");
    return count;
  }

  int wait_finitely(std::chrono::nanoseconds length) {
#ifdef SELECTORS_HAVE_EPOLL_PWAIT2
    if (has_pwait2_) {
      const timespec limit = to_timespec(length);
      const int count = epoll_pwait2(epoll_fd_, ready_.data(), static_cast<int>(ready_.size()), &limit, nullptr);
      if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
      has_pwait2_ = false;  // a kernel before 5.11, or a sandbox that does not know the call
    }
#endif
    // Rounded up, so as never to be early; an over-long wait ends early instead and is taken up again by the caller.
    const auto limit = std::min<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(length).count(),
                                              std::numeric_limits<int>::max());
    return epoll_wait(epoll_fd_, ready_.data(), static_cast<int>(ready_.size()), static_cast<int>(limit));
  }

  int epoll_fd_;
#ifdef SELECTORS_HAVE_EPOLL_PWAIT2
  bool has_pwait2_ = true;
#endif
  std::vector<epoll_event> ready_ = std::vector<epoll_event>(256);
  std::vector<Event> events_;
  std::vector<EventMask> watched_;  // by descriptor
  AlwaysReady always_ready_;
};

}  // namespace

std::unique_ptr<Facility> make_epoll() { return std::make_unique<Epoll>(); }

}  // namespace selectors

#endif
