#include <selectors/detail/refusals.hpp>
#include <selectors/errors.hpp>

#include <string>

namespace selectors::detail {
namespace {

std::string on_fd(const char* call, int fd) { return std::string(call) + ": fd " + std::to_string(fd); }

const char* describe(Standing standing) {
  switch (standing) {
    case Standing::closed:
      return " was closed without unregister";
    case Standing::reused:
      return " was closed without unregister, and its number is in use for something else";
    case Standing::same:
      break;
  }
  return " was taken out of its key without unregister";
}

}  // namespace

void throw_bad_mask(EventMask events, int fd) {
  throw ValueError("event mask " + std::to_string(events.bits()) + " for fd " + std::to_string(fd) +
                   ": must be EVENT_READ (1), EVENT_WRITE (2) or both (3)");
}

void throw_no_descriptor(int fd) {
  throw ValueError("register_: the socket is closed or empty (fileno " + std::to_string(fd) + ")");
}

void throw_not_registered(const char* call, int fd) { throw KeyError(on_fd(call, fd) + " is not registered"); }

void throw_registered(int fd) { throw KeyError(on_fd("register_", fd) + " is already registered"); }

void throw_stale(const char* call, int fd, Standing standing) {
  throw StaleKeyError(on_fd(call, fd) + describe(standing) + "; unregister the old key first");
}

void throw_closed(const char* call) { throw ValueError(std::string(call) + ": the selector is closed"); }

void throw_inherited(const char* call) {
  throw ValueError(std::string(call) + ": the selector was made before fork(2) and belongs to the parent process; " +
                   "make a new one in the child");
}

}  // namespace selectors::detail
