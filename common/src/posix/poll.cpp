#include <selectors/detail/refusals.hpp>
#include <selectors/facility.hpp>

#include "identity.hpp"
#include "system_call.hpp"
#include "to_timespec.hpp"

#include <poll.h>

#include <algorithm>
#include <limits>
#include <vector>

namespace selectors {
namespace {

short wanted(EventMask events) {
  return static_cast<short>(((events & EVENT_READ) ? POLLIN : 0) | ((events & EVENT_WRITE) ? POLLOUT : 0));
}

/// An error or a hang-up counts as both events, because neither call would block.
EventMask found(short ready) {
  EventMask mask;
  if (ready & ~POLLOUT) mask |= EVENT_READ;
  if (ready & ~POLLIN) mask |= EVENT_WRITE;
  return mask;
}

class Poll final : public Facility {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "poll"; }

  void add(int fd, EventMask events, Owner) override {
    const Identity identity = require_open_fd(fd);
    const auto index = static_cast<std::size_t>(fd);
    if (index >= place_.size()) place_.resize(index + 1);
    if (identities_.size() == identities_.capacity()) identities_.reserve(2 * identities_.size() + 1);
    polled_.push_back({fd, wanted(events), 0});
    identities_.push_back(identity);
    place_[index] = polled_.size() - 1;
  }

  void modify(int fd, EventMask events) override {
    if (const auto now = standing(fd); now != Standing::same) detail::throw_stale("modify", fd, now);
    pollfd& polled = polled_[place_[static_cast<std::size_t>(fd)]];
    polled.fd = fd;
    polled.events = wanted(events);
  }

  void silence(int fd) noexcept override { silence(polled_[place_[static_cast<std::size_t>(fd)]]); }

  void remove(int fd) noexcept override {
    const std::size_t place = place_[static_cast<std::size_t>(fd)];
    polled_[place] = polled_.back();
    identities_[place] = identities_.back();
    place_[static_cast<std::size_t>(number(polled_[place]))] = place;
    polled_.pop_back();
    identities_.pop_back();
  }

  [[nodiscard]] Standing standing(int fd) noexcept override {
    return standing_of(fd, identities_[place_[static_cast<std::size_t>(fd)]]);
  }

  std::span<const Event> wait(const Timeout& timeout) override {
    events_.clear();
    int left = wait_once(timeout);
    if (left < 0 && errno != EINTR) throw_errno("poll");
    for (std::size_t place = 0; left > 0; ++place) {
      pollfd& polled = polled_[place];
      if (polled.revents == 0) continue;
      --left;
      if ((polled.revents & POLLNVAL) || standing_of(polled.fd, identities_[place]) != Standing::same)
        silence(polled);  // closed without remove, and perhaps reused: poll would never sleep again
      else
        events_.push_back({polled.fd, found(polled.revents)});
    }
    return events_;
  }

 private:
  /// poll ignores negative numbers.
  static void silence(pollfd& polled) noexcept { polled.fd = ~number(polled); }

  static int number(const pollfd& polled) noexcept { return polled.fd < 0 ? ~polled.fd : polled.fd; }

  int wait_once(const Timeout& timeout) {
    if (!timeout.length()) return wait_milliseconds(-1);
    if (timeout.only_looks()) return retried([&] { return wait_milliseconds(0); });
    // After SIGSTOP and SIGCONT, the kernel continues poll(2) with its deadline, but ppoll(2) with the time that was
    // left at the stop, as if no time had passed. So ppoll is used only for less than a millisecond.
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(*timeout.length());
    const int limit = static_cast<int>(std::min<std::int64_t>(whole.count(), std::numeric_limits<int>::max()));
    const int count = limit == 0 ? 0 : wait_milliseconds(limit);
    return count == 0 && whole.count() == limit ? wait_finely(*timeout.length() - whole) : count;
  }

  int wait_milliseconds(int limit) { return poll(polled_.data(), static_cast<nfds_t>(polled_.size()), limit); }

#ifdef __APPLE__
  int wait_finely(std::chrono::nanoseconds length) { return length.count() == 0 ? 0 : wait_milliseconds(1); }
#else
  int wait_finely(std::chrono::nanoseconds length) {
    if (length.count() == 0) return 0;
    const timespec limit = to_timespec(length);
    return ppoll(polled_.data(), static_cast<nfds_t>(polled_.size()), &limit, nullptr);
  }
#endif

  std::vector<pollfd> polled_;
  std::vector<Identity> identities_;  // of the descriptor at the same place in polled_
  std::vector<std::size_t> place_;    // by descriptor: where in polled_ it is
  std::vector<Event> events_;
};

}  // namespace

std::unique_ptr<Facility> make_poll() { return std::make_unique<Poll>(); }

}  // namespace selectors
