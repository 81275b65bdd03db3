/// @file
/// The small interface that hides each of the kernel's ways to wait.
#pragma once

#include <selectors/events.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

namespace selectors {

/// How long a wait may last: forever, or a number of nanoseconds. A negative length becomes 0, "do not wait".
///
/// Any `std::chrono` duration converts. A fraction of a nanosecond is rounded up, so that no wait ends early. Anything
/// longer than a century becomes a century.
class Timeout {
 public:
  /// Waits forever.
  constexpr Timeout() = default;

  /// Waits forever, written as in Python: `select(timeout=None)`.
  constexpr Timeout(std::nullopt_t) {}  // NOLINT(google-explicit-constructor)

  /// Waits for this long.
  /// @param duration any duration; a negative one becomes 0.
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

  /// Returns true for a wait of length 0, which does not wait and only looks.
  [[nodiscard]] constexpr bool only_looks() const { return length_ && *length_ == length_->zero(); }

  /// Returns the length; empty means forever.
  [[nodiscard]] constexpr const std::optional<std::chrono::nanoseconds>& length() const { return length_; }

 private:
  std::optional<std::chrono::nanoseconds> length_;
};

/// What a facility reports: a descriptor and the events that are ready on it.
struct Event {
  int fd;          ///< The descriptor's number.
  EventMask mask;  ///< The events that are ready. An error or a hang-up counts as both (see EVENT_READ).
};

/// Who closes a descriptor: the selector, which then knows about it, or somebody outside.
enum class Owner : std::uint8_t {
  selector,  ///< A socket that was moved in.
  outside,   ///< A number that the selector only watches.
};

/// The state of a number that was added earlier.
enum class Standing : std::uint8_t {
  same,    ///< It is open, and it is still the same file.
  closed,  ///< It is not open.
  reused,  ///< It was closed, and something else is open under this number now.
};

/// One of the kernel's ways to wait for many descriptors. **It owns only its own descriptor, none of those it is
/// given.**
///
/// The typed selector above it keeps the keys and calls these functions only with valid arguments: a mask that is not
/// empty, `add` only for numbers that are not in, the others only for numbers that are in. A descriptor that was closed
/// without `remove` silently drops out of the wait, and a descriptor that is opened later under its number is not
/// watched. Only one thread at a time may use it, and the child of fork(2) must not use it.
class Facility {
 public:
  virtual ~Facility() = default;
  Facility() = default;
  Facility(const Facility&) = delete;
  Facility& operator=(const Facility&) = delete;

  /// Returns `epoll`, `poll`, `select` or `kqueue`.
  [[nodiscard]] virtual const char* name() const noexcept = 0;

  /// Starts to watch `fd`. Regular files are accepted and are always ready.
  /// @param fd a number from 0 on.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @param owner who closes it. A number that is closed from outside may linger in the kernel's set, so the facility
  ///   checks such a number now and then.
  /// @throws std::system_error, `EBADF` if the number is not open; ValueError if this facility cannot hold the number.
  virtual void add(int fd, EventMask events, Owner owner) = 0;

  /// Changes the events that `fd` is watched for. If `fd` was silenced, it is watched again.
  /// @throws StaleKeyError if the number was closed or reused; std::system_error if the kernel refuses.
  virtual void modify(int fd, EventMask events) = 0;

  /// Stops reporting `fd` until it is modified, because nobody can take its events. It may be closed already.
  virtual void silence(int fd) noexcept = 0;

  /// Stops watching `fd`, which may be closed already.
  virtual void remove(int fd) noexcept = 0;

  /// Returns whether `fd` is still what was added. Poll, select and kqueue cannot tell apart files without an inode of
  /// their own (an eventfd, an epoll instance).
  [[nodiscard]] virtual Standing standing(int fd) noexcept = 0;

  /// Waits once. An empty result means that the time has passed or that a signal came; the caller checks its clock.
  /// @return what is ready; valid until the next `wait`, whatever else is called meanwhile.
  /// @throws std::system_error if the kernel refuses.
  virtual std::span<const Event> wait(const Timeout& timeout) = 0;
};

/// Makes the facility of select(2): on every system, for descriptors below 1,024. On Windows it takes sockets only, but
/// any number of them.
[[nodiscard]] std::unique_ptr<Facility> make_select();

/// Makes the facility of poll(2): on every POSIX system, for any number of descriptors; its cost grows with that
/// number. On Windows it is WSAPoll, for sockets only.
[[nodiscard]] std::unique_ptr<Facility> make_poll();

#if defined(__linux__) || defined(SELECTORS_DOXYGEN)
/// Makes the facility of epoll(7): on Linux; its cost grows only with the number of ready descriptors.
[[nodiscard]] std::unique_ptr<Facility> make_epoll();
#endif

#if defined(SELECTORS_HAVE_KQUEUE) || defined(SELECTORS_DOXYGEN)
/// Makes the facility of kqueue(2): on the BSDs, on macOS, and on Linux if libkqueue was found.
[[nodiscard]] std::unique_ptr<Facility> make_kqueue();
#endif

/// Makes the best facility available: epoll, else kqueue, else poll; on Windows select. If the running kernel or a
/// sandbox refuses one (`ENOSYS`, `EPERM`, `EACCES`), the next one is used.
///
/// The environment variable `SELECTORS_FACILITY` (`epoll`, `poll`, `select`, `kqueue`) overrides the choice, so you can
/// try any program on any of them. If the facility that it names is refused, no other is tried.
/// @throws ValueError if the variable names none that is built in; std::system_error if the facility cannot be made.
[[nodiscard]] std::unique_ptr<Facility> default_facility();

}  // namespace selectors
