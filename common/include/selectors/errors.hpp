/// @file
/// The three kinds of error of the library, a type each.
///
/// - ValueError: an argument that can never work.
/// - KeyError: a key that is not there, or is there already. If it is there for a descriptor that has been closed
///   since, it is a StaleKeyError, which is a KeyError too.
/// - `std::system_error`: the kernel refused; the text names the call and on what it was attempted. If what failed is
///   one connection, it is a ConnectionError, which is a `std::system_error` too.
///
/// After any of them the selector is as it was before the call.
#pragma once

#include <stdexcept>
#include <system_error>

namespace selectors {

/// A bad argument: an empty or unknown event mask, a closed socket, a closed selector, a selector inherited by fork(2).
/// Python's `ValueError`.
class ValueError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A descriptor that is not registered, or is registered already. Python's `KeyError`.
class KeyError : public std::out_of_range {
 public:
  using std::out_of_range::out_of_range;
};

/// A key that outlived its descriptor: the number was closed, and perhaps given to somebody else, while it was
/// registered. Unregister the key; then the number can be registered anew.
class StaleKeyError : public KeyError {
 public:
  using KeyError::KeyError;
};

/// One connection has failed: it was reset (RFC 9293, section 3.5.3), timed out, lost its route. Nothing else is
/// concerned, so a server drops this connection and goes on. Python's `ConnectionError`, with the network's other
/// failures counted in. Thrown by `send` and `recv` only: what `connect`, `shutdown` or `getpeername` reports is a
/// `std::system_error`.
class ConnectionError : public std::system_error {
 public:
  using std::system_error::system_error;
};

}  // namespace selectors
