/// @file
/// The library's three kinds of error, one type for each.
///
/// - ValueError: an argument that can never work.
/// - KeyError: a key that is not there, or is there already. If the key is there, but its descriptor has been closed
///   since, the error is a StaleKeyError, which is a KeyError too.
/// - `std::system_error`: the kernel refused. The text names the call and what it was attempted on. If only one
///   connection failed, the error is a ConnectionError, which is a `std::system_error` too.
///
/// After any of them, the selector is as it was before the call.
#pragma once

#include <stdexcept>
#include <system_error>

namespace selectors {

/// A bad argument: an empty or unknown event mask, a closed socket, a closed selector, or a selector inherited by
/// fork(2). Python's `ValueError`.
class ValueError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A descriptor that is not registered, or is registered already. Python's `KeyError`.
class KeyError : public std::out_of_range {
 public:
  using std::out_of_range::out_of_range;
};

/// A key that has outlived its descriptor: the number was closed while it was registered, and perhaps it belongs to
/// something else now. Unregister the key; then you can register the number again.
class StaleKeyError : public KeyError {
 public:
  using KeyError::KeyError;
};

/// One connection has failed: it was reset (RFC 9293, section 3.5.3), timed out, or lost its route. No other connection
/// is affected, so a server drops this one and goes on. Python's `ConnectionError`, but it includes the network's other
/// failures. Only `send` and `recv` throw it: what `connect`, `shutdown` or `getpeername` reports is a
/// `std::system_error`.
class ConnectionError : public std::system_error {
 public:
  using std::system_error::system_error;
};

}  // namespace selectors
