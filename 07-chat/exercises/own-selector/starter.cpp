#include <exercises/own_selector.hpp>

#include <selectors/errors.hpp>

#include <poll.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <system_error>
#include <vector>

using namespace selectors;

namespace {

class Own final : public Facility {
 public:
  // "poll" or "select": select(2) has a limit, which the tests respect.
  [[nodiscard]] const char* name() const noexcept override { return "poll"; }

  void add(int fd, EventMask events, Owner) override {
    struct stat status {};
    if (fstat(fd, &status) < 0)  // poll and select would notice only when they wait
      throw std::system_error(errno, std::system_category(), "register fd " + std::to_string(fd));
    watched_.push_back({fd, events, status.st_dev, status.st_ino});
  }

  void modify(int fd, EventMask events) override {
    if (standing(fd) != Standing::same)
      throw StaleKeyError("modify: fd " + std::to_string(fd) + " is not what was registered; unregister it first");
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

  // Here: wait once, with poll(2) or select(2), for all that is watched and not silenced, and return what is ready.
  std::span<const Event> wait(const Timeout&) override {
    events_.clear();
    return events_;
  }

 private:
  // One watched descriptor. Its device and inode show whether another file has the same number later.
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
};

}  // namespace

std::unique_ptr<Facility> make_own() { return std::make_unique<Own>(); }
