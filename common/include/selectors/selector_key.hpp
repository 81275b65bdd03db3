/// @file
/// What a selector knows about one registered descriptor.
#pragma once

#include <selectors/events.hpp>
#include <selectors/socket.hpp>

namespace selectors {

namespace detail {
template <class Data>
class EntryShare;
}

/// The data of a selector that keeps none.
struct Nothing {};

/// What is registered for one descriptor: Python's named tuple.
///
/// A small value. `fd` and `events` are as they were when the key was asked for; `fileobj` and `data` refer to what is
/// in the bag **and is owned there**: `fileobj` until the descriptor is unregistered, `data` until that or until
/// `modify` replaces it, both until the selector is closed or ends. If one of these (but its end) happens while a Batch
/// exists, they stay valid until that Batch ends; `fileobj` is then empty once it was unregistered, closed once that
/// was closed.
template <class Data>
struct SelectorKey {
  Socket& fileobj;   ///< The socket in the bag; an empty one where a plain number is only watched.
  int fd;            ///< The descriptor's number.
  EventMask events;  ///< What it is registered for.
  Data& data;        ///< What was registered beside it.
};

/// What `unregister` gives back: the key, **now the owner** of its socket. When it is dropped, the socket is closed.
template <class Data>
struct UnregisteredKey {
  Socket fileobj;    ///< The socket; empty where a plain number was only watched.
  int fd;            ///< The descriptor's number.
  EventMask events;  ///< What it was registered for.
  /// @cond
  detail::EntryShare<Data> kept;
  /// @endcond
  Data& data;  ///< What was registered beside it. It lives as long as this key, and to the end of a walk under way.
};

/// One thing that is ready: `for (const auto& [key, mask] : selector.select())`.
template <class Data>
struct Ready {
  SelectorKey<Data> key;  ///< What is registered.
  EventMask mask;         ///< What is ready now, and asked for.
};

/// How a registered descriptor is named: by its socket, its number or its key. Refers to the socket, owns nothing. The
/// socket is the one in the bag, `key.fileobj`: what was moved in leaves an empty one behind, which names nothing.
class FileObject {
 public:
  /// By number.
  FileObject(int fd) : fd_(fd) {}  // NOLINT(google-explicit-constructor)

  /// By socket.
  FileObject(const Socket& socket)  // NOLINT(google-explicit-constructor)
      : fd_(socket.fileno()), socket_(&socket) {}

  /// By key.
  template <class Data>
  FileObject(const SelectorKey<Data>& key) : fd_(key.fd) {}  // NOLINT(google-explicit-constructor)

  /// The number; -1 for a socket that is closed or empty.
  [[nodiscard]] int fileno() const { return fd_; }

  /// The socket it was named by, or null.
  [[nodiscard]] const Socket* socket() const { return socket_; }

 private:
  int fd_;
  const Socket* socket_ = nullptr;
};

}  // namespace selectors
