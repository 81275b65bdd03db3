#include <selectors/facility.hpp>

#include "facility_support.hpp"
#include "system_call.hpp"

#include <poll.h>

#include <limits>
#include <vector>

namespace selectors {
namespace {

short wanted(EventMask events) {
  return static_cast<short>(((events & EVENT_READ) ? POLLIN : 0) | ((events & EVENT_WRITE) ? POLLOUT : 0));
}

EventMask found(short ready) {
  EventMask mask;
  if (ready & ~POLLOUT) mask |= EVENT_READ;
  if (ready & ~POLLIN) mask |= EVENT_WRITE;
  return mask;
}

class Poll final : public Facility {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "poll"; }

  void add(int fd, EventMask events) override {
    require_open_fd(fd);
    const auto index = static_cast<std::size_t>(fd);
    if (index >= place_.size()) place_.resize(index + 1);
    polled_.push_back({fd, wanted(events), 0});
    place_[index] = polled_.size() - 1;
  }

  void modify(int fd, EventMask events) override {
    require_open_fd(fd);
    pollfd& polled = polled_[place_[static_cast<std::size_t>(fd)]];
    polled.fd = fd;
    polled.events = wanted(events);
  }

  void remove(int fd) noexcept override {
    const std::size_t place = place_[static_cast<std::size_t>(fd)];
    const pollfd last = polled_.back();
    polled_[place] = last;
    place_[static_cast<std::size_t>(number(last))] = place;
    polled_.pop_back();
  }

  std::span<const Event> wait(const Timeout& timeout) override {
    events_.clear();
    int left = wait_once(timeout);
    if (left < 0 && errno != EINTR) throw_errno("poll");
    for (pollfd& polled : polled_) {
      if (left <= 0) break;
      if (polled.revents == 0) continue;
      --left;
      if (polled.revents & POLLNVAL)
        polled.fd = ~polled.fd;  // closed behind our back: poll ignores negative numbers, and would else never sleep
      else
        events_.push_back({polled.fd, found(polled.revents)});
    }
    return events_;
  }

 private:
  static int number(const pollfd& polled) noexcept { return polled.fd < 0 ? ~polled.fd : polled.fd; }

  int wait_once(const Timeout& timeout) {
    const auto count = static_cast<nfds_t>(polled_.size());
    if (!timeout.length()) return poll(polled_.data(), count, -1);
#ifdef __APPLE__
    const auto limit = std::min<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(*timeout.length()).count(),
                                              std::numeric_limits<int>::max());
    return poll(polled_.data(), count, static_cast<int>(limit));
#else
    const timespec limit = to_timespec(*timeout.length());
    return ppoll(polled_.data(), count, &limit, nullptr);
#endif
  }

  std::vector<pollfd> polled_;
  std::vector<std::size_t> place_;  // by descriptor: where in polled_ it stands
  std::vector<Event> events_;
};

}  // namespace

std::unique_ptr<Facility> make_poll() { return std::make_unique<Poll>(); }

}  // namespace selectors
