#ifdef SELECTORS_HAVE_KQUEUE

#include <selectors/detail/refusals.hpp>
#include <selectors/facility.hpp>

#include "always_ready.hpp"
#include "descriptor.hpp"
#include "identity.hpp"
#include "system_call.hpp"
#include "to_timespec.hpp"

#include <sys/stat.h>
#include <sys/types.h>

#include <fcntl.h>
#include <sys/event.h>

#include <algorithm>
#include <array>
#include <vector>

namespace selectors {
namespace {

class Kqueue final : public Facility {
 public:
  Kqueue() { fcntl(kqueue_.fileno(), F_SETFD, FD_CLOEXEC); }

  [[nodiscard]] const char* name() const noexcept override { return "kqueue"; }

  void add(int fd, EventMask events, Owner) override {
    struct stat status {};
    checked(fstat(fd, &status), [fd] { return "register fd " + std::to_string(fd); });
    const auto index = static_cast<std::size_t>(fd);
    if (index >= watched_.size()) watched_.resize(index + 1);
    const Identity identity{status.st_dev, status.st_ino};
    // kqueue reports a file at its end as not readable; libkqueue refuses /dev/null (EPERM).
    if (S_ISREG(status.st_mode) || !change(fd, {}, events))
      always_ready_.add(fd, events);
    else
      watched_[index] = {events, identity};
  }

  void modify(int fd, EventMask events) override {
    if (always_ready_.modify(fd, events)) return;
    Watched& watched = watched_[static_cast<std::size_t>(fd)];
    if (const auto now = standing_of(fd, watched.identity); now != Standing::same)
      detail::throw_stale("modify", fd, now);
    change(fd, watched.events, events);
    watched.events = events;
  }

  void silence(int fd) noexcept override {
    if (always_ready_.silence(fd)) return;
    remove(fd);
  }

  void remove(int fd) noexcept override {
    if (always_ready_.remove(fd)) return;
    EventMask& watched = watched_[static_cast<std::size_t>(fd)].events;
    for (const auto& [event, filter] : filters)
      if (watched & event) apply(fd, filter, EV_DELETE);
    watched = {};
  }

  [[nodiscard]] Standing standing(int fd) noexcept override {
    if (const auto standing = always_ready_.standing(fd)) return *standing;
    return standing_of(fd, watched_[static_cast<std::size_t>(fd)].identity);
  }

  std::span<const Event> wait(const Timeout& timeout) override {
    const Timeout limited = always_ready_.limit(timeout);
    timespec limit{};
    if (limited.length()) limit = to_timespec(*limited.length());
    const timespec* const at_most = limited.length() ? &limit : nullptr;
    int count = wait_or_look(limited, [&] {
      return kevent(kqueue_.fileno(), nullptr, 0, ready_.data(), static_cast<int>(ready_.size()), at_most);
    });
    if (count < 0 && errno != EINTR) throw_errno("kevent");
    while (count == static_cast<int>(ready_.size())) {  // there may be more; see the epoll facility
      ready_.resize(ready_.size() * 2);
      limit = {};
      count = kevent(kqueue_.fileno(), nullptr, 0, ready_.data(), static_cast<int>(ready_.size()), &limit);
    }
    return join(std::span(ready_).first(static_cast<std::size_t>(std::max(count, 0))));
  }

 private:
  struct Watched {
    EventMask events;
    Identity identity;
  };
  struct Filter {
    EventMask event;
    short filter;
  };
  static constexpr auto filters = std::to_array<Filter>({{EVENT_READ, EVFILT_READ}, {EVENT_WRITE, EVFILT_WRITE}});

  int apply(int fd, short filter, unsigned short action) noexcept {
    struct kevent request {};
    EV_SET(&request, static_cast<uintptr_t>(fd), filter, action, 0, 0, nullptr);
    return kevent(kqueue_.fileno(), &request, 1, nullptr, 0, nullptr);
  }

  /// Changes the filters. There is one for each event: if the second change fails, the first is undone. Returns false
  /// if this is not a file that anybody can wait for.
  bool change(int fd, EventMask from, EventMask to) {
    for (const auto& [event, filter] : filters) {
      const bool had = bool(from & event);
      const bool wants = bool(to & event);
      if (had == wants || apply(fd, filter, wants ? EV_ADD : EV_DELETE) == 0) continue;
      const int error = errno;
      if (event == EVENT_WRITE && (from & EVENT_READ) != (to & EVENT_READ))
        apply(fd, EVFILT_READ, (from & EVENT_READ) ? EV_ADD : EV_DELETE);
      errno = error;
      if (errno == EPERM) return false;
      throw_errno("kevent to change fd " + std::to_string(fd));
    }
    return true;
  }

  /// Joins events of the same descriptor: kqueue reports reading and writing separately, a selector reports both at
  /// once.
  std::span<const Event> join(std::span<const struct kevent> ready) {
    events_.clear();
    place_.resize(watched_.size());
    for (const struct kevent& event : ready) {
      const EventMask mask = event.filter == EVFILT_READ ? EVENT_READ : EVENT_WRITE;
      const auto index = static_cast<std::size_t>(event.ident);
      std::size_t& place = place_[index];
      if (place < events_.size() && events_[place].fd == static_cast<int>(event.ident)) {
        events_[place].mask |= mask;
      } else {
        place = events_.size();
        events_.push_back({static_cast<int>(event.ident), mask});
      }
    }
    always_ready_.append_to(events_);
    return events_;
  }

  Descriptor kqueue_{checked(kqueue(), [] { return "make a kqueue"; })};
  std::vector<struct kevent> ready_ = std::vector<struct kevent>(256);
  std::vector<Event> events_;
  AlwaysReady always_ready_;
  std::vector<Watched> watched_;    // by descriptor
  std::vector<std::size_t> place_;  // by descriptor: where in events_ it may be
};

}  // namespace

std::unique_ptr<Facility> make_kqueue() { return std::make_unique<Kqueue>(); }

}  // namespace selectors

#endif
