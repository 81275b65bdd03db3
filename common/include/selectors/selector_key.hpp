/// @file
/// The key: what a selector knows about one registered descriptor.
#pragma once

#include <selectors/events.hpp>
#include <selectors/socket.hpp>

namespace selectors {

namespace detail {
template <class Data>
class EntryShare;
}

/// The data of a selector that keeps no data.
struct Nothing {};

/// What is registered for one descriptor: Python's named tuple.
///
/// A small value. `fd` and `events` are as they were when you asked for the key. `fileobj` and `data` refer to what is
/// in the selector **and is owned there**: `fileobj` is valid until the descriptor is unregistered, `data` until then
/// or until `modify` replaces it, and both only until the selector is closed or destroyed. If one of these happens
/// while a Batch exists (except that the selector is destroyed), both stay valid until that Batch ends; `fileobj` is
/// then empty if the descriptor was unregistered, and closed if the selector was closed.
template <class Data>
struct SelectorKey {
  Socket& fileobj;   ///< The socket in the selector; empty if only a number is watched.
  int fd;            ///< The descriptor's number.
  EventMask events;  ///< What it is registered for.
  Data& data;        ///< The data that was registered with it.
};

/// What `unregister` returns: the key, **which owns its socket now**. Dropping the key closes the socket.
template <class Data>
struct UnregisteredKey {
  Socket fileobj;    ///< The socket; empty if only a number was watched.
  int fd;            ///< The descriptor's number.
  EventMask events;  ///< What it was registered for.
  /// @cond
  detail::EntryShare<Data> kept;
  /// @endcond
  Data& data;  ///< The data. It lives as long as this key, and until the end of a walk that is under way.
};

/// One ready descriptor: `for (const auto& [key, mask] : selector.select())`.
template <class Data>
struct Ready {
  SelectorKey<Data> key;  ///< The key of the descriptor.
  EventMask mask;         ///< The events that are ready now, of those that were asked for.
};

/// Names a registered descriptor by its socket, its number or its key. It refers to the socket and owns nothing. The
/// socket is the one in the selector, `key.fileobj`: the one that you moved in is empty now and names nothing.
class FileObject {
 public:
  /// Names it by number.
  FileObject(int fd) : fd_(fd) {}  // NOLINT(google-explicit-constructor)

  /// Names it by socket.
  FileObject(const Socket& socket)  // NOLINT(google-explicit-constructor)
      : fd_(socket.fileno()), socket_(&socket) {}

  /// Names it by key.
  template <class Data>
  FileObject(const SelectorKey<Data>& key) : fd_(key.fd) {}  // NOLINT(google-explicit-constructor)

  /// Returns the number; -1 for a socket that is closed or empty.
  [[nodiscard]] int fileno() const { return fd_; }

  /// Returns the socket it was named by, or null.
  [[nodiscard]] const Socket* socket() const { return socket_; }

 private:
  int fd_;
  const Socket* socket_ = nullptr;
};

}  // namespace selectors
