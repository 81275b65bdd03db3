#ifdef __linux__

#include <selectors/detail/refusals.hpp>
#include <selectors/facility.hpp>

#include "always_ready.hpp"
#include "descriptor.hpp"
#include "outsiders.hpp"
#include "system_call.hpp"
#include "to_timespec.hpp"

#include <fcntl.h>
#include <sys/epoll.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace selectors {
namespace {

std::uint32_t wanted(EventMask events) {
  return ((events & EVENT_READ) ? EPOLLIN : 0U) | ((events & EVENT_WRITE) ? EPOLLOUT : 0U);
}

/// An error or a hang-up counts as both events, because neither call would block.
EventMask found(std::uint32_t ready) {
  if (ready == EPOLLIN) return EVENT_READ;  // nearly always
  EventMask mask;
  if (ready & ~std::uint32_t{EPOLLOUT}) mask |= EVENT_READ;
  if (ready & ~std::uint32_t{EPOLLIN}) mask |= EVENT_WRITE;
  return mask;
}

class Epoll final : public Facility {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "epoll"; }

  void add(int fd, EventMask events, Owner owner) override {
    if (rebuild_is_due_) [[unlikely]]
      rebuild();  // the old set may still have this very file under this number
    const auto index = static_cast<std::size_t>(fd);
    if (index >= watched_.size()) {
      if (index >= watched_.capacity()) require_open_fd(fd);  // an impossible number could take much memory
      watched_.resize(index + 1);
    }
    if (owner == Owner::outside) outsiders_.add(fd);
    if (control(EPOLL_CTL_ADD, fd, wanted(events)) == 0)
      watched_[index] = wanted(events);
    else if (errno == EPERM)
      always_ready_.add(fd, events);  // for example a regular file or /dev/null
    else
      refuse(fd);
  }

  void modify(int fd, EventMask events) override {
    if (always_ready_.modify(fd, events)) return;
    if (control(EPOLL_CTL_MOD, fd, wanted(events)) < 0) {
      if (errno == EBADF) detail::throw_stale("modify", fd, Standing::closed);
      if (errno == ENOENT) detail::throw_stale("modify", fd, Standing::reused);
      throw_errno("epoll_ctl to modify fd " + std::to_string(fd));
    }
    watched_[static_cast<std::size_t>(fd)] = wanted(events);
  }

  void silence(int fd) noexcept override {
    std::uint32_t& watched = watched_[static_cast<std::size_t>(fd)];
    if (always_ready_.silence(fd) || (watched & EPOLLONESHOT)) return;
    watched = EPOLLONESHOT;  // reported once more, then nothing, not even a hang-up, until it is modified
    if (control(EPOLL_CTL_MOD, fd, watched) < 0) rebuild_is_due_ = true;
  }

  void remove(int fd) noexcept override {
    outsiders_.remove(fd);
    if (always_ready_.remove(fd)) return;
    watched_[static_cast<std::size_t>(fd)] = 0;
    if (control(EPOLL_CTL_DEL, fd, 0) < 0) rebuild_is_due_ = true;
  }

  [[nodiscard]] Standing standing(int fd) noexcept override {
    if (const auto standing = always_ready_.standing(fd)) return *standing;
    // The kernel identifies an entry by the number and the open file.
    if (control(EPOLL_CTL_MOD, fd, watched_[static_cast<std::size_t>(fd)]) == 0) return Standing::same;
    return errno == EBADF ? Standing::closed : errno == ENOENT ? Standing::reused : Standing::same;
  }

  std::span<const Event> wait(const Timeout& timeout) override {
    if (rebuild_is_due_) [[unlikely]]
      rebuild();
    if (!always_ready_.empty()) [[unlikely]]
      return wait_beside_always_ready(timeout);
    const std::size_t reported = wait_for_the_kernel(timeout);  // may move events_
    return std::span(events_).first(reported);
  }

 private:
  static constexpr std::uint64_t from_outside = 1ULL << 32U;  // a mark beside the number: it is in outsiders_

  int control(int operation, int fd, std::uint32_t events) const noexcept {
    return control(epoll_.fileno(), operation, fd, events);
  }

  int control(int set, int operation, int fd, std::uint32_t events) const noexcept {
    epoll_event event{};
    event.events = events;
    event.data.u64 = static_cast<unsigned>(fd) | (outsiders_.contains(fd) ? from_outside : 0);
    return epoll_ctl(set, operation, fd, &event);
  }

  [[noreturn]] void refuse(int fd) {
    const int error = errno;
    outsiders_.remove(fd);
    throw std::system_error(error, std::system_category(), "epoll_ctl to add fd " + std::to_string(fd));
  }

  [[nodiscard]] bool is_lost(int fd) noexcept {
    return outsiders_.contains(fd) && outsiders_.is_suspect(fd, waits_) && standing(fd) != Standing::same;
  }

  /// Makes a fresh set. A number that was closed before it was removed cannot be removed any more. If a duplicate keeps
  /// its file open, the kernel goes on reporting it, under a number that may belong to something else by now; only a
  /// fresh set does not contain it. One rebuild serves for everything that is removed before the set is needed again.
  [[gnu::noinline]] void rebuild() noexcept {
    // If it fails for lack of descriptors or memory, the old set stays in use and the next wait tries again.
    rebuild_is_due_ = true;
    const Descriptor fresh(epoll_create1(EPOLL_CLOEXEC));
    if (fresh.fileno() < 0) return;
    // The fresh set gets the old number, so that no other code can get that number in between.
    if (copy_to(fresh.fileno())) rebuild_is_due_ = dup3(fresh.fileno(), epoll_.fileno(), O_CLOEXEC) < 0;
  }

  /// Returns true if everything that the old set still has under its number is in the new one. Whatever was closed, and
  /// perhaps reused, is left behind.
  [[nodiscard]] bool copy_to(int fresh) const noexcept {
    for (int fd = 0; fd < static_cast<int>(watched_.size()); ++fd) {
      const std::uint32_t events = watched_[static_cast<std::size_t>(fd)];
      if (events == 0) continue;
      if (control(EPOLL_CTL_MOD, fd, events) == 0) {
        if (control(fresh, EPOLL_CTL_ADD, fd, events) < 0) return false;
      } else if (errno != EBADF && errno != ENOENT) {
        return false;
      }
    }
    return true;
  }

  /// Returns how many events were reported; they are in events_.
  std::size_t wait_for_the_kernel(const Timeout& timeout) {
    int count = wait_once(timeout);
    if (count == room_) [[unlikely]]
      count = make_room_for_all();
    ++waits_;
    std::uint64_t marks = 0;
    const auto reported = static_cast<std::size_t>(count);
    for (std::size_t i = 0; i < reported; ++i) {
      const epoll_event& ready = ready_[i];
      events_[i] = {static_cast<int>(ready.data.u64 & ~from_outside), found(ready.events)};
      marks |= ready.data.u64;
    }
    return marks & from_outside ? without_lost(reported) : reported;
  }

  /// Returns how many are ready; 0 also if a signal came.
  int wait_once(const Timeout& timeout) {
    const int count = timeout.length() ? wait_at_most(timeout) : wait_milliseconds(-1);
    if (count < 0 && errno != EINTR) [[unlikely]]
      throw_errno("epoll_wait");
    return std::max(count, 0);
  }

  [[gnu::noinline]] int wait_at_most(const Timeout& timeout) {
    return wait_or_look(timeout, [&] { return wait_finitely(*timeout.length()); });
  }

  /// If the buffer is full, there may be more events. The reported ones are still ready, so a call with a larger buffer
  /// gets them all.
  [[gnu::noinline]] int make_room_for_all() {
    int count = room_;
    while (count == room_) {
      events_.resize(ready_.size() * 2);
      ready_.resize(ready_.size() * 2);
      room_ = static_cast<int>(ready_.size());
      count = wait_once(std::chrono::nanoseconds::zero());
    }
    return count;
  }

  // Rarely needed code is not inlined, because `wait` would set up for it each time.

  /// Removes the events of numbers from outside that are no longer the same file. Returns how many are left.
  [[gnu::noinline]] std::size_t without_lost(std::size_t reported) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < reported; ++i) {
      const int fd = events_[i].fd;
      if ((ready_[i].data.u64 & from_outside) && is_lost(fd))
        silence(fd);
      else
        events_[kept++] = events_[i];
    }
    return kept;
  }

  [[gnu::noinline]] std::span<const Event> wait_beside_always_ready(const Timeout& timeout) {
    events_.resize(wait_for_the_kernel(always_ready_.limit(timeout)));
    always_ready_.append_to(events_);
    const std::size_t all = events_.size();
    events_.resize(std::max(all, ready_.size()));
    return std::span(events_).first(all);
  }

  int wait_finitely(std::chrono::nanoseconds length) {
#ifdef SELECTORS_HAVE_EPOLL_PWAIT2
    if (has_pwait2_) {
      const timespec limit = to_timespec(length);
      const int count = epoll_pwait2(epoll_.fileno(), ready_.data(), room_, &limit, nullptr);
      if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
      has_pwait2_ = false;  // a kernel before 5.11, or a sandbox without the call
    }
#endif
    // Rounded up, so that it never ends early. A wait that is too long for an int does, and the caller repeats it.
    const auto limit = std::min<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(length).count(),
                                              std::numeric_limits<int>::max());
    return wait_milliseconds(static_cast<int>(limit));
  }

  int wait_milliseconds(int limit) { return epoll_wait(epoll_.fileno(), ready_.data(), room_, limit); }

  Descriptor epoll_{checked(epoll_create1(EPOLL_CLOEXEC), [] { return "make an epoll instance"; })};
#ifdef SELECTORS_HAVE_EPOLL_PWAIT2
  bool has_pwait2_ = true;
#endif
  int room_ = 256;  // how many events fit into one wait, at first
  std::vector<epoll_event> ready_ = std::vector<epoll_event>(static_cast<std::size_t>(room_));
  std::vector<Event> events_ = std::vector<Event>(ready_.size());  // the same events in our form
  std::vector<std::uint32_t> watched_;  // by descriptor: the events given to epoll_ctl; 0 if none
  bool rebuild_is_due_ = false;
  Outsiders outsiders_;
  std::uint64_t waits_ = 0;
  AlwaysReady always_ready_;
};

}  // namespace

std::unique_ptr<Facility> make_epoll() { return std::make_unique<Epoll>(); }

}  // namespace selectors

#endif
