/// @file
/// A stream socket that owns its descriptor, with Python's names.
#pragma once

#include <selectors/address.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace selectors {

struct Accepted;

/// Which direction of a connection `shutdown` ends.
enum class Shutdown : std::uint8_t {
  read,   ///< `SHUT_RD`: nothing more will be received.
  write,  ///< `SHUT_WR`: a half-close (RFC 9293, section 3.6.1). The peer reads the end of input, and can still send.
  both,   ///< `SHUT_RDWR`.
};

/// A stream socket: TCP (RFC 9293, tcp(7)), or a Unix-domain socket (unix(7)). **It owns its descriptor**: moving
/// passes it on, and the destructor closes it.
///
/// Names and meanings follow Python's `socket`; each member function is the system call of the same name. It differs
/// from Python in one way: if a non-blocking call *would block*, `accept` and `recv` return an empty optional and
/// `send` returns 0, because this happens all the time in an event loop. A call that is interrupted by a signal is
/// continued. Writing to a closed connection never raises SIGPIPE. Every descriptor is close-on-exec.
///
/// A member function that fails throws `std::system_error`, which names the call and the descriptor or address; on an
/// empty socket the reason is "Bad file descriptor". Only one thread at a time may use a socket. After fork(2), parent
/// and child share the connection: one of the two should close it.
class Socket {
 public:
  /// Makes an empty socket: it owns nothing, and `fileno()` is -1.
  Socket() = default;

  /// Makes a new blocking socket, socket(2) with `SOCK_STREAM`.
  /// @param family the `address.family()` of the address that it will be bound or connected to.
  /// @throws std::system_error if the kernel refuses.
  explicit Socket(Family family);

  /// Takes ownership of a descriptor that is already a socket, which is not checked.
  /// @param fd an open socket; this object closes it from now on.
  [[nodiscard]] static Socket from_fileno(int fd);

  /// Takes the descriptor from `other`, which is empty afterwards.
  Socket(Socket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        spare_fd_(std::exchange(other.spare_fd_, -1)),
        uses_(other.uses_),
        needs_rest_(other.needs_rest_) {}

  /// Closes its own descriptor, then takes the one from `other`, which is empty afterwards.
  Socket& operator=(Socket&& other) noexcept {
    if (this == &other) return *this;
    close();
    fd_ = std::exchange(other.fd_, -1);
    spare_fd_ = std::exchange(other.spare_fd_, -1);
    uses_ = other.uses_;
    needs_rest_ = other.needs_rest_;
    return *this;
  }

  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  /// Closes the descriptor.
  ~Socket() { close(); }

  /// Lets a server use its port again at once, although old connections linger there in TIME_WAIT (`SO_REUSEADDR`,
  /// socket(7); RFC 9293, section 3.3.2). Call it before `bind`. On Windows, lingering connections do not block a port,
  /// and `SO_REUSEADDR` would let a second server steal it. So this sets `SO_EXCLUSIVEADDRUSE` there: no other program
  /// can bind the port.
  /// @throws std::system_error if the kernel refuses.
  void set_reuse_address();

  /// Chooses between sending each piece of data at once (`TCP_NODELAY`, tcp(7)) and gathering small pieces (the default
  /// of every TCP socket).
  ///
  /// As long as the peer has not acknowledged earlier data, TCP holds a small piece back (Nagle's algorithm, RFC 9293,
  /// section 3.7.4), and the peer may delay its acknowledgement by 40 ms or more (RFC 9293, section 3.8.6.3). So a
  /// program that sends an answer in two pieces waits needlessly. Call this once the connection is established.
  /// @param on true to send at once.
  /// @throws std::system_error, `EOPNOTSUPP` if this is not a TCP socket.
  void set_no_delay(bool on = true);

  /// Returns true if small pieces are sent at once.
  /// @throws std::system_error as `set_no_delay`.
  [[nodiscard]] bool get_no_delay() const;

  /// Turns keep-alive on: asks a silent peer whether it is still there (`SO_KEEPALIVE`, socket(7); RFC 9293, section
  /// 3.8.4). If the peer does not answer `probes` questions in a row, the connection fails: it becomes readable, and
  /// `recv` throws a ConnectionError (`ETIMEDOUT`). Without keep-alive, a program that has nothing to send never
  /// notices that its peer has vanished (its cable was pulled, or its machine sleeps).
  /// @param idle how long the connection has to be silent before the first question, 1 to 32,767 seconds.
  /// @param interval the time between two questions, 1 to 32,767 seconds.
  /// @param probes how many questions may go unanswered, 1 to 127. Windows before version 1709 of Windows 10 ignores it
  ///   and asks ten times.
  /// @throws std::system_error, `EINVAL` for a number outside these ranges, `EOPNOTSUPP` if this is not a TCP socket.
  void set_keep_alive(std::chrono::seconds idle, std::chrono::seconds interval, int probes);

  /// Limits how long sent data may stay unacknowledged (`TCP_USER_TIMEOUT`, tcp(7), RFC 5482). After that the
  /// connection fails with `ETIMEDOUT`, as with `set_keep_alive`. Keep-alive asks only while no data is on its way;
  /// without this limit, data on its way to a peer that has vanished is sent again for about 15 minutes. Linux also
  /// counts the time in which the peer has no room: a peer that is alive is dropped too, if it reads nothing for this
  /// long while data is waiting for it. On Windows the limit (`TCP_MAXRT`) is rounded up to whole seconds, and this
  /// call does nothing if the system does not know it.
  /// @param limit 1 ms or more; 0 restores the system's default.
  /// @throws std::system_error, `EOPNOTSUPP` if this is not a TCP socket.
  void set_user_timeout(std::chrono::milliseconds limit);

  /// Gives the socket its address, bind(2).
  /// @throws std::system_error with the address in its text, for instance for "Address already in use".
  void bind(const Address& address);

  /// Starts to listen, listen(2). Also opens a second descriptor, the reserve that `accept` may need; `close` and
  /// `detach` close it.
  /// @param backlog how many completed connections may wait to be accepted. The default is CPython's.
  /// @throws std::system_error if the kernel refuses, or if no descriptor is left for the reserve.
  void listen(int backlog = 128);

  /// Accepts the next waiting connection, accept(2).
  ///
  /// A connection that vanished before it was accepted is skipped. If there are no descriptors left (EMFILE, ENFILE),
  /// the waiting client is accepted on a descriptor that is kept in reserve, and closed at once, so that the listening
  /// socket does not stay ready forever; the result is then empty, and the handler set by on_turned_away() is called.
  /// If there is no memory for the connection (ENOBUFS, ENOMEM), or if it is forbidden (EPERM), the client stays in the
  /// queue: the result is empty, the handler is called, and a selector reports the listening socket again only after a
  /// tenth of a second.
  /// @return the new, blocking socket and its peer's address. Empty if the socket is non-blocking and no client is
  ///   waiting, if the network failed for this one connection (the errors that accept(2) says to retry), or if no
  ///   descriptor or no memory was left.
  /// @throws std::system_error for anything else; also `EMFILE` if the socket has no reserve, because it came from
  ///   `from_fileno` and has not accepted a client yet.
  std::optional<Accepted> accept();

  /// Connects, connect(2) (RFC 9293, section 3.5). A blocking socket waits until the connection is established.
  ///
  /// If no program listens at the address, the kernel may choose the very port that is being connected to, and TCP then
  /// connects the socket to itself (RFC 9293, section 3.5: a simultaneous open). Such a connection is dissolved and
  /// reported as refused, `ECONNREFUSED`, here and in `connect_ex` and `take_error`.
  /// @throws std::system_error with the address in its text.
  void connect(const Address& address);

  /// Connects and *returns* the error instead of throwing it. On a non-blocking socket
  /// `std::errc::operation_in_progress` is not a failure: wait for EVENT_WRITE, then ask `take_error()`. A Unix-domain
  /// socket connects at once or not at all: while the server's queue is full, the result is
  /// `std::errc::resource_unavailable_try_again`.
  [[nodiscard]] std::error_code connect_ex(const Address& address);

  /// Returns the error that is pending on the socket, and clears it (`SO_ERROR`, socket(7)). After a `connect` in
  /// progress it says how that ended: `ECONNREFUSED` also if it ended with a connection to itself.
  /// @throws std::system_error if the kernel refuses.
  [[nodiscard]] std::error_code take_error();

  /// Sends as much of `data` as the kernel accepts now, send(2). The peer influences how much that is, by the window
  /// that it announces (RFC 9293, section 3.8.6).
  /// @return how many bytes were accepted, often fewer than `data` has; 0 if the kernel's buffer is full (or `data` is
  ///   empty). Keep the rest and wait for EVENT_WRITE.
  /// @throws ConnectionError if the connection is gone (`ECONNRESET`, `EPIPE`, …).
  std::size_t send(std::string_view data);

  /// Returns how many sent bytes the other side's system has not acknowledged yet (`SIOCOUTQ`, tcp(7)). An end of
  /// output that was sent with `shutdown` counts as one more. 0 means that everything has arrived there, not that a
  /// program has read it. Windows does not provide this number: there the result is always 0.
  /// @throws std::system_error if the kernel refuses.
  [[nodiscard]] std::size_t unacknowledged() const;

  /// Receives what is there, recv(2). You get bytes, not messages: a stream does not preserve how they were divided
  /// when they were sent (RFC 9293, section 3.8).
  /// @param size the maximum number of bytes to receive, at least 1; no call returns more than 16,384.
  /// @return 1 to `size` bytes; an *empty string* if the other side has finished sending; an *empty optional* if the
  ///   socket is non-blocking and nothing is there yet.
  /// @throws ConnectionError if the connection is gone (`ECONNRESET`, `ETIMEDOUT`, …); ValueError if size is 0.
  std::optional<std::string> recv(std::size_t size);

  /// Receives what is there into the caller's buffer, so that one buffer is enough for all connections: Python's
  /// `recv_into`, recv(2).
  /// @param buffer room for at least 1 byte; it still belongs to the caller.
  /// @return the part of the buffer that was filled. Otherwise as `recv`: an *empty view* if the other side has
  ///   finished sending, an *empty optional* if nothing is there yet.
  /// @throws as `recv`.
  std::optional<std::string_view> recv_into(std::span<char> buffer);

  /// Makes every call on this socket blocking or non-blocking (`O_NONBLOCK`, fcntl(2)).
  /// @throws std::system_error if the kernel refuses.
  void setblocking(bool blocking);

  /// Returns true if the socket is blocking.
  /// @throws std::system_error if the kernel refuses.
  [[nodiscard]] bool getblocking() const;

  /// Ends one direction or both, shutdown(2) (RFC 9293, section 3.6.1). The descriptor stays open.
  /// @throws std::system_error if the kernel refuses.
  void shutdown(Shutdown how);

  /// Returns the socket's own address, getsockname(2). After `bind` to port 0 it contains the real port.
  /// @throws std::system_error if the kernel refuses; ValueError if the descriptor is a socket of another family.
  [[nodiscard]] Address getsockname() const;

  /// Returns the peer's address, getpeername(2).
  /// @throws std::system_error, `ENOTCONN` once the peer has reset the connection: keep the address that `accept`
  ///   returned.
  [[nodiscard]] Address getpeername() const;

  /// Returns the descriptor's number, or -1 if the socket is empty. The socket still owns the descriptor.
  [[nodiscard]] int fileno() const noexcept { return fd_; }

  /// Returns how often `accept`, `connect`, `take_error`, `send` and `recv` got something done on this socket. By this
  /// number a selector recognises a socket that keeps it awake although the program does not use it.
  [[nodiscard]] unsigned uses() const noexcept { return uses_; }

  /// Returns true after `accept` had to leave a client in the queue. A selector then gives the listening socket a rest
  /// instead of reporting it all the time.
  [[nodiscard]] bool needs_rest() const noexcept { return needs_rest_; }

  /// Ends that rest.
  void end_rest() noexcept { needs_rest_ = false; }

  /// Gives up the descriptor without closing it. The caller has to close it; the socket is empty afterwards.
  int detach() noexcept;

  /// Closes the descriptor, close(2). Does nothing on an empty socket. Take the socket out of its selector first. If
  /// input is unread, the connection is reset (RFC 9293, section 3.6.1).
  void close() noexcept {
    if (fd_ >= 0 || spare_fd_ >= 0) close_descriptors();
  }

 private:
  explicit Socket(int fd) : fd_(fd) {}
  void close_descriptors() noexcept;
  std::optional<Accepted> accept_with_spare();
  std::optional<Accepted> rest(int error);

  int fd_ = -1;
  int spare_fd_ = -1;  // a listening socket's reserve: given up for a moment when descriptors have run out
  unsigned uses_ : 31 = 0;
  bool needs_rest_ : 1 = false;
};

/// What `accept` returns: a connection and its address, as in Python.
struct Accepted {
  Socket conn;   ///< The new connection; it owns its descriptor.
  Address addr;  ///< The peer's address. It remains valid when the connection is reset.
};

/// The type of a handler that is called when clients are turned away.
/// @param what one line without a newline: on which descriptor, why, and what helps.
using TurnedAwayHandler = void (*)(std::string_view what);

/// Sets the handler that is called when clients are turned away, by `Socket::accept` for lack of descriptors or memory,
/// or by a program that calls tell_turned_away(). It is called **once per incident**, however many clients and reasons
/// there are; an incident is over when no client has been turned away for a second. One line for each client would fill
/// a disk, or block the server on a log that nobody reads. The handler holds for the whole process, as descriptors do;
/// any thread may set it, and it is called in the thread that accepts. At first there is no handler.
/// @param handler a function, or null for none.
/// @return the previous handler.
TurnedAwayHandler on_turned_away(TurnedAwayHandler handler) noexcept;

/// Reports that a client was turned away for a reason that `accept` cannot know: no room for its key, or a limit of the
/// program's own. Any thread may call it.
/// @param what one line for the handler, which is called unless it was already called in this incident.
void tell_turned_away(std::string_view what);

/// Makes two connected sockets, socketpair(2), both blocking: for tests, and for talking to a thread. On Windows they
/// are the two ends of a TCP connection over the loopback interface, made so that no other program can get in between.
/// @throws std::system_error if the kernel refuses.
[[nodiscard]] std::pair<Socket, Socket> socketpair();

}  // namespace selectors
