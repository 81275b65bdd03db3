#include <exercises/own_selector.hpp>

#include <selectors/refusals.hpp>

#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <string>
#include <system_error>
#include <vector>

using namespace selectors;

namespace {

short wanted(EventMask events) {
  return static_cast<short>(((events & EVENT_READ) ? POLLIN : 0) | ((events & EVENT_WRITE) ? POLLOUT : 0));
}

// An error counts as both, a hang-up as EVENT_READ. The selector passes on what was asked for only.
EventMask found(short ready) {
  EventMask mask;
  if (ready & (POLLIN | POLLHUP | POLLERR)) mask |= EVENT_READ;
  if (ready & (POLLOUT | POLLERR)) mask |= EVENT_WRITE;
  return mask;
}

// For poll: -1 is for ever. Rounded up, because a wait must not end early; a century does not fit, so it is less.
int milliseconds(const Timeout& timeout) {
  if (!timeout.length()) return -1;
  const auto length = std::chrono::ceil<std::chrono::milliseconds>(*timeout.length()).count();
  return static_cast<int>(std::min<std::int64_t>(length, std::numeric_limits<int>::max()));
}

class Own final : public Facility {
 public:
  // "poll" or "select", for select(2) has a limit that its tests respect.
  [[nodiscard]] const char* name() const noexcept override { return "poll"; }

  void add(int fd, EventMask events, Owner) override {
    struct stat status {};
    if (fstat(fd, &status) < 0)  // poll and select would find out only when they wait
      throw std::system_error(errno, std::system_category(), "register fd " + std::to_string(fd));
    watched_.push_back({fd, events, status.st_dev, status.st_ino});
  }

  void modify(int fd, EventMask events) override {
    if (const auto now = standing(fd); now != Standing::same) throw_stale("modify", fd, now);
    find(fd)->events = events;
  }

  void silence(int fd) noexcept override { find(fd)->events = {}; }

  void remove(int fd) noexcept override { watched_.erase(find(fd)); }

  [[nodiscard]] Standing standing(int fd) noexcept override {
    struct stat status {};
    if (fstat(fd, &status) < 0) return Standing::closed;
    const auto watched = find(fd);
    return status.st_dev == watched->device && status.st_ino == watched->inode ? Standing::same : Standing::reused;
  }

  std::span<const Event> wait(const Timeout& timeout) override {
    events_.clear();
    polled_.clear();
    for (const Watched& watched : watched_)
      if (watched.events) polled_.push_back({watched.fd, wanted(watched.events), 0});

    const int count = poll(polled_.data(), static_cast<nfds_t>(polled_.size()), milliseconds(timeout));
    if (count < 0 && errno != EINTR) throw std::system_error(errno, std::system_category(), "poll");
    if (count <= 0) return events_;  // the time has passed or a signal came: the selector looks at its clock

    for (const pollfd& polled : polled_) {
      if (polled.revents == 0) continue;
      if (standing(polled.fd) == Standing::same)
        events_.push_back({polled.fd, found(polled.revents)});
      else
        silence(polled.fd);  // closed behind our back: poll would report it for ever and never sleep again
    }
    return events_;
  }

 private:
  // One descriptor that is watched. Its device and inode tell it from another file under the same number later.
  struct Watched {
    int fd;
    EventMask events;  // empty: silenced
    dev_t device;
    ino_t inode;
  };

  std::vector<Watched>::iterator find(int fd) noexcept {
    return std::find_if(watched_.begin(), watched_.end(), [fd](const Watched& watched) { return watched.fd == fd; });
  }

  std::vector<Watched> watched_;
  std::vector<Event> events_;  // what wait() has found
  std::vector<pollfd> polled_;
};

}  // namespace

std::unique_ptr<Facility> make_own() { return std::make_unique<Own>(); }
