/// @file
/// A TCP socket that owns its descriptor and speaks Python's words.
#pragma once

#include <selectors/address.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace selectors {

struct Accepted;

/// Which half of a connection `shutdown` ends.
enum class Shutdown : std::uint8_t {
  read,   ///< `SHUT_RD`: nothing more will be received.
  write,  ///< `SHUT_WR`: the peer reads the end of what was sent; what it sends can still be received (RFC 9293,
          ///< section 3.6.1).
  both,   ///< `SHUT_RDWR`.
};

/// A stream socket, TCP (RFC 9293, tcp(7)) but for socketpair(). **It owns its descriptor**: moving hands it on,
/// destruction closes it.
///
/// Names and meanings follow Python's `socket`; each member is the system call of its name. Two answers differ from
/// Python: where a non-blocking call *would block*, `accept` and `recv` answer with an empty optional and `send` with
/// 0, because an event loop meets that all the time. Calls interrupted by a signal are taken up again. Writing to a
/// closed connection never raises SIGPIPE. Every descriptor is close-on-exec.
///
/// A member that fails throws `std::system_error` naming the call and the descriptor or address; on an empty socket
/// the reason is "Bad file descriptor". One thread at a time may use a socket. After fork(2) parent and child share
/// the connection: one of the two should close it.
class Socket {
 public:
  /// An empty socket: it owns nothing, `fileno()` is -1.
  Socket() = default;

  /// A new blocking TCP socket, socket(2) with `SOCK_STREAM`.
  /// @param family IPv4 unless told otherwise; `address.family()` fits the address that it will be bound or connected
  /// to.
  /// @throws std::system_error
  explicit Socket(Family family);

  /// Takes ownership of a descriptor that is a socket already; that it is one is not checked.
  /// @param fd an open socket; this object closes it from now on.
  [[nodiscard]] static Socket from_fileno(int fd);

  /// Takes the descriptor over; `other` is empty afterwards.
  Socket(Socket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), spare_fd_(std::exchange(other.spare_fd_, -1)), uses_(other.uses_) {}

  /// Closes what this one owned, then takes the descriptor over; `other` is empty afterwards.
  Socket& operator=(Socket&& other) noexcept;

  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Closes the descriptor.
  ~Socket() { close(); }

  /// Lets a server come back on its port at once, although old connections linger there in TIME_WAIT
  /// (`SO_REUSEADDR`, socket(7); RFC 9293, section 3.3.2). To be called before `bind`.
  void set_reuse_address();

  /// Gives the socket its address, bind(2).
  /// @throws std::system_error with the address in its text, for instance "Address already in use".
  void bind(const Address& address);

  /// Starts to listen, listen(2).
  /// Takes a second descriptor besides, the reserve that `accept` speaks of; `close` and `detach` close it.
  /// @param backlog how many completed connections may wait to be accepted. The default is CPython's.
  /// @throws std::system_error
  void listen(int backlog = 128);

  /// Takes the next waiting connection, accept(2).
  ///
  /// A connection that vanished before it was accepted is passed over. With no descriptors left (EMFILE, ENFILE) the
  /// waiting client is accepted on a descriptor kept in reserve and closed at once, so that the listening socket does
  /// not stay ready for ever; the answer is then empty, and on_turned_away() is told.
  /// @return the new, blocking socket and its peer's address; empty if the socket is non-blocking and nobody is
  ///   waiting, if the network failed for this one connection (the errors that accept(2) says to retry), or if no
  ///   descriptor was left.
  /// @throws std::system_error for anything else; `EMFILE` too if the socket has no reserve, because it came from
  ///   `from_fileno` and has accepted nobody yet.
  std::optional<Accepted> accept();

  /// Connects, connect(2) (RFC 9293, section 3.5). On a blocking socket it waits until the connection stands.
  /// @throws std::system_error with the address in its text.
  void connect(const Address& address);

  /// Connects and *returns* the error instead of throwing it. On a non-blocking socket
  /// `std::errc::operation_in_progress` is no failure: wait for EVENT_WRITE, then ask `take_error()`.
  [[nodiscard]] std::error_code connect_ex(const Address& address);

  /// The error that is pending on the socket, and clears it (`SO_ERROR`, socket(7)): how a `connect` in progress ended.
  [[nodiscard]] std::error_code take_error();

  /// Sends as much of `data` as the kernel takes now, send(2). How much that is, the peer decides too, by the window
  /// that it announces (RFC 9293, section 3.8.6).
  /// @return how many bytes were taken, often fewer than there are; 0 if the kernel's buffer is full (or `data` is
  ///   empty). Keep the rest and wait for EVENT_WRITE.
  /// @throws ConnectionError if the connection is gone (`ECONNRESET`, `EPIPE`, …).
  std::size_t send(std::string_view data);

  /// Receives what is there, recv(2). Bytes, not messages: how they were cut when they were sent is not carried
  /// (RFC 9293, section 3.8).
  /// @param size the most bytes to take, at least 1; no more than 16,384 are taken at a time.
  /// @return 1 to `size` bytes; an *empty string* if the peer has closed its side; an *empty optional* if the socket is
  ///   non-blocking and nothing is there.
  /// @throws ConnectionError if the connection is gone (`ECONNRESET`, `ETIMEDOUT`, …); ValueError if size is 0.
  std::optional<std::string> recv(std::size_t size);

  /// Receives what is there into a buffer that is lent, so that one buffer does for all connections: Python's
  /// `recv_into`, recv(2).
  /// @param buffer room for at least 1 byte; it stays the caller's.
  /// @return the part of it that was filled; else as `recv`: an *empty view* at the end, an *empty optional* for
  /// nothing.
  /// @throws as `recv`.
  std::optional<std::string_view> recv_into(std::span<char> buffer);

  /// Chooses between waiting and answering at once for every call on this socket (`O_NONBLOCK`, fcntl(2)).
  void setblocking(bool blocking);

  /// True if calls on this socket wait.
  [[nodiscard]] bool getblocking() const;

  /// Ends one direction or both, shutdown(2) (RFC 9293, section 3.6.1). The descriptor stays open.
  void shutdown(Shutdown how);

  /// The socket's own address, getsockname(2): after `bind` to port 0 it has the real port.
  /// @throws std::system_error; ValueError if it is neither IPv4 nor IPv6, as that of a socketpair().
  [[nodiscard]] Address getsockname() const;

  /// The peer's address, getpeername(2).
  /// @throws std::system_error `ENOTCONN` once the peer has reset the connection: keep the address `accept` gave.
  [[nodiscard]] Address getpeername() const;

  /// The descriptor's number, or -1 if the socket is empty. It stays owned by the socket.
  [[nodiscard]] int fileno() const noexcept { return fd_; }

  /// How often `accept`, `connect`, `take_error`, `send` and `recv` got something done on it: how a selector tells a
  /// socket that is served from one that keeps it awake for nothing.
  [[nodiscard]] unsigned uses() const noexcept { return uses_; }

  /// Gives the descriptor up without closing it; the caller closes it. The socket is empty afterwards.
  int detach() noexcept;

  /// Closes the descriptor, close(2). On an empty socket it does nothing. Take it out of its selector first. With input
  /// unread the connection is reset (RFC 9293, section 3.6.1).
  void close() noexcept;

 private:
  explicit Socket(int fd) : fd_(fd) {}
  std::optional<Accepted> accept_with_spare();

  int fd_ = -1;
  int spare_fd_ = -1;  // a listening socket's reserve: given up for a moment when descriptors have run out
  unsigned uses_ = 0;
};

/// What `accept` returns: Python's pair of connection and address.
struct Accepted {
  Socket conn;   ///< The new connection, owned.
  Address addr;  ///< The peer's address. It stays true when the connection is reset.
};

/// Who is told that clients are turned away.
/// @param what one line without its end: on which descriptor, why, and what helps.
using TurnedAwayHandler = void (*)(std::string_view what);

/// Sets who is told when `Socket::accept` turns clients away for want of descriptors. **Once an episode**, however many
/// they are: an episode is over when nobody was turned away for a second. A line for each would fill a disk, or block
/// the server on a log that nobody reads. For the whole process, because its descriptors are; any thread may set it,
/// and the handler runs in the thread that accepts. At first nobody is told.
/// @param handler a function, or null for nobody.
/// @return who was told before.
TurnedAwayHandler on_turned_away(TurnedAwayHandler handler) noexcept;

/// Two connected sockets, socketpair(2), both blocking: for tests and for talking to a thread.
[[nodiscard]] std::pair<Socket, Socket> socketpair();

}  // namespace selectors
