/// @file
/// The small interface behind which each of the kernel's ways to wait stands.
#pragma once

#include <selectors/events.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace selectors {

/// How long a wait may last: for ever, or so many nanoseconds. Nothing below 0: that is 0, "do not wait".
///
/// Any `std::chrono` duration converts. What is finer than a nanosecond is rounded up, so that no wait ends early; what
/// is longer than a century counts as a century.
class Timeout {
 public:
  /// For ever.
  constexpr Timeout() = default;

  /// For ever, said as Python says it: `select(timeout=None)`.
  constexpr Timeout(std::nullopt_t) {}  // NOLINT(google-explicit-constructor)

  /// So long.
  /// @param duration any duration; negative means 0.
  template <class Rep, class Period>
  constexpr Timeout(std::chrono::duration<Rep, Period> duration) {  // NOLINT(google-explicit-constructor)
    using Seconds = std::chrono::duration<long double>;
    constexpr auto century = std::chrono::hours(876'000);
    if (!(duration > duration.zero()))
      length_ = std::chrono::nanoseconds::zero();
    else if (Seconds(duration) > Seconds(century))
      length_ = century;
    else
      length_ = std::chrono::ceil<std::chrono::nanoseconds>(duration);
  }

  /// True for a wait of no time: it does not wait, it looks.
  [[nodiscard]] constexpr bool only_looks() const { return length_ && *length_ == length_->zero(); }

  /// The length, or empty for ever.
  [[nodiscard]] constexpr const std::optional<std::chrono::nanoseconds>& length() const { return length_; }

 private:
  std::optional<std::chrono::nanoseconds> length_;
};

/// What a facility reports: a descriptor, and what is ready on it.
struct Event {
  int fd;          ///< The descriptor's number.
  EventMask mask;  ///< What is ready. An error and a hang-up count as both (see EVENT_READ).
};

/// Who closes a descriptor: the selector, which then knows, or somebody outside.
enum class Owner : std::uint8_t {
  selector,  ///< A socket that was moved in.
  outside,   ///< A number that is only watched.
};

/// How a number that was added stands now.
enum class Standing : std::uint8_t {
  same,    ///< It is open, and what it was.
  closed,  ///< It is not open.
  reused,  ///< It was closed, and something else has been opened under it.
};

/// One of the kernel's ways to wait for many descriptors. **It owns no descriptor that it is given**, only its own.
///
/// The typed selector above keeps the keys and calls these with sane arguments: a mask that is not empty, `add` only
/// for numbers that are not in, the others only for numbers that are. A descriptor that was closed without `remove`
/// drops out of the wait silently, and what is opened under its number later is not watched. One thread at a time. Not
/// to be used in the child after fork(2).
class Facility {
 public:
  virtual ~Facility() = default;
  Facility() = default;
  Facility(const Facility&) = delete;
  Facility& operator=(const Facility&) = delete;

  /// `epoll`, `poll`, `select` or `kqueue`.
  [[nodiscard]] virtual const char* name() const noexcept = 0;

  /// Begins to watch `fd`. Regular files are accepted and always ready.
  /// @param fd a number from 0 on.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @param owner a number that is closed from outside may linger in the kernel's set, so it is looked at now and then.
  /// @throws std::system_error, `EBADF` if the number is not open; ValueError if this facility cannot hold the number.
  virtual void add(int fd, EventMask events, Owner owner) = 0;

  /// Watches `fd` for other events, and again if it was silenced.
  /// @throws StaleKeyError if the number was closed or reused; std::system_error
  virtual void modify(int fd, EventMask events) = 0;

  /// Ceases to report `fd` until it is modified: nobody can take its events. It may be closed already.
  virtual void silence(int fd) noexcept = 0;

  /// Ceases to watch `fd`, which may be closed already.
  virtual void remove(int fd) noexcept = 0;

  /// Whether `fd` still is what was added. Files without an inode of their own (an eventfd, an epoll instance) look
  /// alike to poll, select and kqueue.
  [[nodiscard]] virtual Standing standing(int fd) noexcept = 0;

  /// Waits once. An empty answer means that the time has passed or a signal came: the caller looks at its clock.
  /// @return what is ready, valid until the next `wait`, whatever else is called meanwhile.
  /// @throws std::system_error
  virtual std::span<const Event> wait(const Timeout& timeout) = 0;
};

/// The facility of select(2): everywhere, up to 1,024 descriptors. On Windows it takes sockets only, and any number of
/// them.
[[nodiscard]] std::unique_ptr<Facility> make_select();

/// The facility of poll(2): every POSIX system, any number of descriptors, cost growing with their number. On Windows
/// it is WSAPoll, for sockets only.
[[nodiscard]] std::unique_ptr<Facility> make_poll();

#if defined(__linux__) || defined(SELECTORS_DOXYGEN)
/// The facility of epoll(7): Linux, cost growing with what is ready only.
[[nodiscard]] std::unique_ptr<Facility> make_epoll();
#endif

#if defined(SELECTORS_HAVE_KQUEUE) || defined(SELECTORS_DOXYGEN)
/// The facility of kqueue(2): the BSDs and macOS, and Linux where libkqueue was found.
[[nodiscard]] std::unique_ptr<Facility> make_kqueue();
#endif

/// The best facility here: epoll, else kqueue, else poll; on Windows select. If the running kernel or a sandbox refuses
/// it (`ENOSYS`, `EPERM`, `EACCES`), it is the next one.
///
/// The environment variable `SELECTORS_FACILITY` (`epoll`, `poll`, `select`, `kqueue`) overrules the choice, so that
/// any program can be tried on any of them. A facility that is named there is not replaced.
/// @throws ValueError if the variable names none that is built in; std::system_error if the facility cannot be made.
[[nodiscard]] std::unique_ptr<Facility> default_facility();

}  // namespace selectors
