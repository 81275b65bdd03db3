#include "os.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace selectors::os {
namespace {

struct Reason {
  int number;        // an errno
  int winsock;       // Winsock's number for it, or 0
  const char* text;  // POSIX's text; the C library has none for network errors
};

constexpr auto reasons = std::to_array<Reason>({
    {EPERM, 0, "Operation not permitted"},
    {EINTR, WSAEINTR, "Interrupted system call"},
    {EBADF, WSAEBADF, "Bad file descriptor"},
    {EACCES, WSAEACCES, "Permission denied"},
    {EFAULT, WSAEFAULT, "Bad address"},
    {EINVAL, WSAEINVAL, "Invalid argument"},
    {EMFILE, WSAEMFILE, "Too many open files"},
    {ENFILE, 0, "Too many open files in system"},
    {EPIPE, WSAESHUTDOWN, "Broken pipe"},
    {EAGAIN, WSAEWOULDBLOCK, "Resource temporarily unavailable"},
    {EINPROGRESS, WSAEINPROGRESS, "Operation now in progress"},
    {EALREADY, WSAEALREADY, "Operation already in progress"},
    {ENOTSOCK, WSAENOTSOCK, "Socket operation on non-socket"},
    {EDESTADDRREQ, WSAEDESTADDRREQ, "Destination address required"},
    {EMSGSIZE, WSAEMSGSIZE, "Message too long"},
    {EPROTOTYPE, WSAEPROTOTYPE, "Protocol wrong type for socket"},
    {ENOPROTOOPT, WSAENOPROTOOPT, "Protocol not available"},
    {EPROTONOSUPPORT, WSAEPROTONOSUPPORT, "Protocol not supported"},
    {EOPNOTSUPP, WSAEOPNOTSUPP, "Operation not supported"},
    {EAFNOSUPPORT, WSAEAFNOSUPPORT, "Address family not supported by protocol"},
    {EADDRINUSE, WSAEADDRINUSE, "Address already in use"},
    {EADDRNOTAVAIL, WSAEADDRNOTAVAIL, "Cannot assign requested address"},
    {ENETDOWN, WSAENETDOWN, "Network is down"},
    {ENETUNREACH, WSAENETUNREACH, "Network is unreachable"},
    {ENETRESET, WSAENETRESET, "Network dropped connection on reset"},
    {ECONNABORTED, WSAECONNABORTED, "Software caused connection abort"},
    {ECONNRESET, WSAECONNRESET, "Connection reset by peer"},
    {ENOBUFS, WSAENOBUFS, "No buffer space available"},
    {EISCONN, WSAEISCONN, "Transport endpoint is already connected"},
    {ENOTCONN, WSAENOTCONN, "Transport endpoint is not connected"},
    {ETIMEDOUT, WSAETIMEDOUT, "Connection timed out"},
    {ECONNREFUSED, WSAECONNREFUSED, "Connection refused"},
    {EHOSTUNREACH, WSAEHOSTUNREACH, "No route to host"},
    {EHOSTUNREACH, WSAEHOSTDOWN, "No route to host"},
    {ENOMEM, WSA_NOT_ENOUGH_MEMORY, "Cannot allocate memory"},
    {ENOSPC, 0, "No space left on device"},
});

/// The C library's numbers, with the texts that a student finds in the pages and in every manual.
class Errors : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "system"; }

  [[nodiscard]] std::string message(int number) const override {
    const auto is_it = [number](const Reason& reason) { return reason.number == number; };
    const auto reason = std::find_if(reasons.begin(), reasons.end(), is_it);
    return reason == reasons.end() ? std::generic_category().message(number) : reason->text;
  }

  [[nodiscard]] std::error_condition default_error_condition(int number) const noexcept override {
    return {number, std::generic_category()};
  }
};

}  // namespace

int to_errno(int winsock) noexcept {
  const auto is_it = [winsock](const Reason& reason) { return reason.winsock == winsock; };
  const auto reason = std::find_if(reasons.begin(), reasons.end(), is_it);
  return reason == reasons.end() || winsock == 0 ? EIO : reason->number;
}

std::error_code error(int number) noexcept {
  static const Errors errors;
  return {number, errors};
}

const char* resolver_message(int status) noexcept {
  switch (status) {
    case WSAHOST_NOT_FOUND:
      return "Name or service not known";
    case WSATRY_AGAIN:
      return "Temporary failure in name resolution";
    case WSANO_RECOVERY:
      return "Non-recoverable failure in name resolution";
    default:
      return "Name resolution failed";
  }
}

bool concerns_one_connection(int error) noexcept { return error == ENETDOWN; }

}  // namespace selectors::os
