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

/// An fd_set: on Windows a count and that many handles. The 64 that the headers make room for are not a limit.
class HandleSet {
 public:
  void add(int fd) { words_.push_back(os::handle(fd)); }
  void make_room() {
    if (words_.size() == words_.capacity()) words_.reserve(2 * words_.size());
  }

  void remove(int fd) noexcept {
    const auto found = std::find(words_.begin() + 1, words_.end(), os::handle(fd));
    if (found == words_.end()) return;
    *found = words_.back();
    words_.pop_back();
  }

  void clear() noexcept { words_.resize(1); }
  [[nodiscard]] bool empty() const noexcept { return words_.size() == 1; }

  /// Returns it for select, which writes into it.
  [[nodiscard]] fd_set* data() noexcept {
    set_count(words_.size() - 1);
    return reinterpret_cast<fd_set*>(words_.data());
  }

  /// Calls `each` with every number that select left in it.
  template <class Each>
  void for_each_left(const Each& each) const {
    const std::size_t count = reinterpret_cast<const fd_set*>(words_.data())->fd_count;
    for (std::size_t i = 1; i <= count; ++i) each(static_cast<int>(words_[i]));
  }

 private:
  static_assert(offsetof(fd_set, fd_array) == sizeof(SOCKET));

  void set_count(std::size_t count) noexcept {
    reinterpret_cast<fd_set*>(words_.data())->fd_count = static_cast<u_int>(count);
  }

  std::vector<SOCKET> words_ = std::vector<SOCKET>(1);  // the count, then the handles
};

class Select final : public Facility {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "select"; }

  void add(int fd, EventMask events, Owner) override {
    const Identity identity = require_socket(fd);
    const std::size_t slot = detail::slot_of(fd);
    if (slot >= watched_.size()) watched_.resize(slot + 1);
    readers_.make_room();
    writers_.make_room();
    watched_[slot] = {{}, identity};
    set(fd, events);
  }

  void modify(int fd, EventMask events) override {
    if (const auto now = standing(fd); now != Standing::same) detail::throw_stale("modify", fd, now);
    readers_.make_room();
    writers_.make_room();
    set(fd, events);
  }

  void silence(int fd) noexcept override { set(fd, {}); }

  void remove(int fd) noexcept override { set(fd, {}); }

  [[nodiscard]] Standing standing(int fd) noexcept override { return standing_of(fd, watched(fd).identity); }

  std::span<const Event> wait(const Timeout& timeout) override {
    events_.clear();
    if (wait_once(timeout) < 0) {
      if (errno != EBADF && errno != ENOTSOCK) throw_errno("select");
      silence_closed();
      if (wait_once(std::chrono::nanoseconds::zero()) < 0) throw_errno("select");
    }
    ready_readers_.for_each_left([this](int fd) { report(fd, EVENT_READ); });
    ready_writers_.for_each_left([this](int fd) { report(fd, EVENT_WRITE); });
    // A failed connect is reported only here. As on other systems it counts as both events, because neither call would
    // block.
    failed_.for_each_left([this](int fd) { report(fd, EVENT_READ | EVENT_WRITE); });
    for (const Event& event : events_) watched(event.fd).place = nowhere;
    return events_;
  }

 private:
  static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

  struct Watched {
    EventMask events;
    Identity identity = 0;
    std::size_t place = nowhere;  // where in events_ it is
  };

  Watched& watched(int fd) noexcept { return watched_[detail::slot_of(fd)]; }

  void set(int fd, EventMask events) noexcept {
    const EventMask before = std::exchange(watched(fd).events, events);
    change(readers_, fd, bool(before & EVENT_READ), bool(events & EVENT_READ));
    change(writers_, fd, bool(before & EVENT_WRITE), bool(events & EVENT_WRITE));
  }

  static void change(HandleSet& set, int fd, bool is_in, bool shall_be) noexcept {
    if (is_in && !shall_be) set.remove(fd);
    if (!is_in && shall_be) set.add(fd);  // there is room
  }

  /// Silences the numbers that were closed without remove: a single one makes select refuse all of them.
  void silence_closed() noexcept {
    for (std::size_t slot = 0; slot < watched_.size(); ++slot) {
      const int fd = detail::number_in(slot);
      if (watched(fd).events && standing(fd) != Standing::same) silence(fd);
    }
  }

  void report(int fd, EventMask mask) {
    Watched& entry = watched(fd);
    const EventMask asked = mask & entry.events;
    if (!asked) return;
    if (entry.place != nowhere) {
      events_[entry.place].mask |= asked;
    } else if (standing(fd) == Standing::same) {
      entry.place = events_.size();
      events_.push_back({fd, asked});
    } else {
      silence(fd);  // the number has been reused
    }
  }

  int wait_once(const Timeout& timeout) {
    ready_readers_ = readers_;
    ready_writers_ = writers_;
    failed_ = writers_;
    if (readers_.empty() && writers_.empty()) return wait_for_nothing(timeout);
    timeval limit{};
    if (timeout.length()) limit = to_timeval(*timeout.length());
    return os::answer(
        ::select(0, ready_readers_.data(), ready_writers_.data(), failed_.data(), timeout.length() ? &limit : nullptr));
  }

  static timeval to_timeval(std::chrono::nanoseconds length) {
    using Seconds = std::chrono::duration<decltype(timeval::tv_sec)>;
    const auto whole = std::min(std::chrono::floor<std::chrono::seconds>(length), std::chrono::seconds(1'000'000'000));
    // Rounded up, so that no wait ends early; but tv_usec must be less than a million.
    const auto rest =
        std::min(std::chrono::ceil<std::chrono::microseconds>(length - whole), std::chrono::microseconds(999'999));
    return {std::chrono::duration_cast<Seconds>(whole).count(), static_cast<decltype(timeval::tv_usec)>(rest.count())};
  }

  std::vector<Watched> watched_;  // by slot
  std::vector<Event> events_;
  HandleSet readers_;
  HandleSet writers_;
  HandleSet ready_readers_;
  HandleSet ready_writers_;
  HandleSet failed_;
};

}  // namespace

std::unique_ptr<Facility> make_select() { return std::make_unique<Select>(); }

}  // namespace selectors
