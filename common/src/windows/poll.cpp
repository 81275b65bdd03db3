#include <selectors/detail/refusals.hpp>
#include <selectors/detail/slots.hpp>
#include <selectors/facility.hpp>

#include "identity.hpp"
#include "milliseconds.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace selectors {
namespace {

short wanted(EventMask events) {
  return static_cast<short>(((events & EVENT_READ) ? POLLRDNORM : 0) | ((events & EVENT_WRITE) ? POLLWRNORM : 0));
}

/// An error or a hang-up counts as both events, because neither call would block.
EventMask found(short ready) {
  EventMask mask;
  if (ready & ~POLLWRNORM) mask |= EVENT_READ;
  if (ready & ~POLLRDNORM) mask |= EVENT_WRITE;
  return mask;
}

/// WSAPoll has no number that it skips, so silenced descriptors have no place in its list.
class Poll final : public Facility {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "poll"; }

  void add(int fd, EventMask events, Owner) override {
    const Identity identity = require_socket(fd);
    const std::size_t slot = detail::slot_of(fd);
    if (slot >= watched_.size()) watched_.resize(slot + 1);
    if (polled_.size() == polled_.capacity()) polled_.reserve(2 * polled_.size() + 1);
    watched_[slot] = {identity, nowhere};
    place(fd, events);
  }

  void modify(int fd, EventMask events) override {
    if (const auto now = standing(fd); now != Standing::same) detail::throw_stale("modify", fd, now);
    place(fd, events);
  }

  void silence(int fd) noexcept override {
    const std::size_t place = std::exchange(watched(fd).place, nowhere);
    if (place == nowhere) return;
    const WSAPOLLFD last = polled_.back();
    polled_.pop_back();
    if (place == polled_.size()) return;
    polled_[place] = last;
    watched(static_cast<int>(last.fd)).place = place;
  }

  void remove(int fd) noexcept override { silence(fd); }

  [[nodiscard]] Standing standing(int fd) noexcept override { return standing_of(fd, watched(fd).identity); }

  std::span<const Event> wait(const Timeout& timeout) override {
    look(timeout);
    if (!gone_.empty()) look(std::chrono::nanoseconds::zero());  // beside a closed one, Winsock may miss the others
    return events_;
  }

 private:
  static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

  struct Watched {
    Identity identity = 0;
    std::size_t place = nowhere;  // in polled_
  };

  Watched& watched(int fd) noexcept { return watched_[detail::slot_of(fd)]; }

  void place(int fd, EventMask events) {
    if (watched(fd).place == nowhere) {
      polled_.push_back({os::handle(fd), 0, 0});
      watched(fd).place = polled_.size() - 1;
    }
    polled_[watched(fd).place].events = wanted(events);
  }

  void look(const Timeout& timeout) {
    events_.clear();
    gone_.clear();
    const int count = wait_once(timeout);
    if (count < 0 && errno != ENOTSOCK) throw_errno("WSAPoll");
    for (const WSAPOLLFD& polled : polled_) {
      if (count >= 0 && polled.revents == 0) continue;
      const int fd = static_cast<int>(polled.fd);
      if ((polled.revents & POLLNVAL) || standing(fd) != Standing::same)
        gone_.push_back(fd);  // closed without remove, and perhaps reused
      else if (polled.revents != 0)
        events_.push_back({fd, found(polled.revents)});
    }
    for (const int fd : gone_) silence(fd);
  }

  int wait_once(const Timeout& timeout) {
    for (WSAPOLLFD& polled : polled_) polled.revents = 0;
    if (polled_.empty()) return wait_for_nothing(timeout);
    return os::answer(::WSAPoll(polled_.data(), static_cast<ULONG>(polled_.size()), milliseconds(timeout)));
  }

  std::vector<WSAPOLLFD> polled_;
  std::vector<Watched> watched_;  // by slot
  std::vector<Event> events_;
  std::vector<int> gone_;
};

}  // namespace

std::unique_ptr<Facility> make_poll() { return std::make_unique<Poll>(); }

}  // namespace selectors
