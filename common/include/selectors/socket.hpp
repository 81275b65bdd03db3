/// @file
/// A stream socket that owns its descriptor and speaks Python's words.
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

/// Which half of a connection `shutdown` ends.
enum class Shutdown : std::uint8_t {
  read,   ///< `SHUT_RD`: nothing more will be received.
  write,  ///< `SHUT_WR`: the peer reads the end of what was sent; what it sends can still be received (RFC 9293,
          ///< section 3.6.1).
  both,   ///< `SHUT_RDWR`.
};

/// A stream socket: TCP (RFC 9293, tcp(7)), or a Unix-domain socket (unix(7)). **It owns its descriptor**: moving hands
/// it on, destruction closes it.
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

  /// A new blocking socket, socket(2) with `SOCK_STREAM`.
  /// @param family `address.family()` fits the address that it will be bound or connected to.
  /// @throws std::system_error
  explicit Socket(Family family);

  /// Takes ownership of a descriptor that is a socket already; that it is one is not checked.
  /// @param fd an open socket; this object closes it from now on.
  [[nodiscard]] static Socket from_fileno(int fd);

  /// Takes the descriptor over; `other` is empty afterwards.
  Socket(Socket&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)),
        spare_fd_(std::exchange(other.spare_fd_, -1)),
        uses_(other.uses_),
        needs_rest_(other.needs_rest_) {}

  /// Closes what this one owned, then takes the descriptor over; `other` is empty afterwards.
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

  /// Lets a server come back on its port at once, although old connections linger there in TIME_WAIT
  /// (`SO_REUSEADDR`, socket(7); RFC 9293, section 3.3.2). To be called before `bind`. On Windows connections that
  /// linger keep nobody from a port, and `SO_REUSEADDR` would let a second server steal it, so this sets
  /// `SO_EXCLUSIVEADDRUSE` there: nobody else can bind the port.
  void set_reuse_address();

  /// Sends each piece of data at once (`TCP_NODELAY`, tcp(7)), or gathers small ones (the default of every TCP socket).
  ///
  /// While the peer has not acknowledged what was sent before, TCP holds a small piece back (Nagle's algorithm, RFC
  /// 9293, section 3.7.4), and the peer may delay its acknowledgement by 40 ms or more (RFC 9293, section 3.8.6.3). So
  /// a program that sends an answer in two pieces waits for nothing. Call this once a connection stands.
  /// @param on true to send at once.
  /// @throws std::system_error, `EOPNOTSUPP` if this is no TCP socket.
  void set_no_delay(bool on = true);

  /// True if small pieces are sent at once.
  /// @throws std::system_error as `set_no_delay`.
  [[nodiscard]] bool get_no_delay() const;

  /// Asks a silent peer whether it is still there (`SO_KEEPALIVE`, socket(7); RFC 9293, section 3.8.4). Once the peer
  /// has not answered `probes` questions in a row, the connection fails: it becomes readable, and `recv` throws a
  /// ConnectionError (`ETIMEDOUT`). Without this, a peer that vanished without a word (its cable was pulled, its
  /// machine sleeps) is never noticed while there is nothing to send.
  /// @param idle how long the connection has to be silent before the first question, 1 to 32,767 seconds.
  /// @param interval the time between two questions, 1 to 32,767 seconds.
  /// @param probes how many questions may go unanswered, 1 to 127. Windows before version 1709 of Windows 10 has a
  /// number
  ///   of its own, ten.
  /// @throws std::system_error, `EINVAL` for a number outside these ranges, `EOPNOTSUPP` if this is no TCP socket.
  void set_keep_alive(std::chrono::seconds idle, std::chrono::seconds interval, int probes);

  /// Limits how long sent data may stay unacknowledged (`TCP_USER_TIMEOUT`, tcp(7), RFC 5482): after that the
  /// connection fails with `ETIMEDOUT`, as with `set_keep_alive`. Keep-alive asks only while nothing is on its way;
  /// without this limit, data on its way to a peer that has vanished is sent again for 15 minutes or so.
  /// Linux counts the time in which the peer has no room, too: one that is alive but reads nothing for so long, with
  /// data waiting for it, is dropped as well. On Windows the limit (`TCP_MAXRT`) is rounded up to whole seconds, and
  /// where the system does not know it this call does nothing.
  /// @param limit 1 ms or more; 0 goes back to the system's default.
  /// @throws std::system_error, `EOPNOTSUPP` if this is no TCP socket.
  void set_user_timeout(std::chrono::milliseconds limit);

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
  /// not stay ready for ever; the answer is then empty, and on_turned_away() hears of it. With no memory left for the
  /// connection (ENOBUFS, ENOMEM), or if it is forbidden (EPERM), the client stays in the queue: the answer is empty,
  /// on_turned_away() hears of it, and a selector reports the listening socket again only after a tenth of a second.
  /// @return the new, blocking socket and its peer's address; empty if the socket is non-blocking and nobody is
  ///   waiting, if the network failed for this one connection (the errors that accept(2) says to retry), or if no
  ///   descriptor was left.
  /// @throws std::system_error for anything else; `EMFILE` too if the socket has no reserve, because it came from
  ///   `from_fileno` and has accepted nobody yet.
  std::optional<Accepted> accept();

  /// Connects, connect(2) (RFC 9293, section 3.5). On a blocking socket it waits until the connection stands.
  ///
  /// Where nobody listens, the kernel may choose the very port that is being connected to, and TCP then connects the
  /// socket to itself (RFC 9293, section 3.5: a simultaneous open). Such a connection is dissolved and reported as
  /// refused, `ECONNREFUSED`, here and in `connect_ex` and `take_error`.
  /// @throws std::system_error with the address in its text.
  void connect(const Address& address);

  /// Connects and *returns* the error instead of throwing it. On a non-blocking socket
  /// `std::errc::operation_in_progress` is no failure: wait for EVENT_WRITE, then ask `take_error()`. A Unix-domain
  /// socket is connected at once, or never: while the server's queue is full the answer is
  /// `std::errc::resource_unavailable_try_again`.
  [[nodiscard]] std::error_code connect_ex(const Address& address);

  /// The error that is pending on the socket, and clears it (`SO_ERROR`, socket(7)): how a `connect` in progress ended,
  /// `ECONNREFUSED` too if it ended with a connection to itself.
  [[nodiscard]] std::error_code take_error();

  /// Sends as much of `data` as the kernel takes now, send(2). How much that is, the peer decides too, by the window
  /// that it announces (RFC 9293, section 3.8.6).
  /// @return how many bytes were taken, often fewer than there are; 0 if the kernel's buffer is full (or `data` is
  ///   empty). Keep the rest and wait for EVENT_WRITE.
  /// @throws ConnectionError if the connection is gone (`ECONNRESET`, `EPIPE`, …).
  std::size_t send(std::string_view data);

  /// How many of the bytes that `send` took the other side's system has not acknowledged yet (`SIOCOUTQ`, tcp(7)). An
  /// end of output that was sent with `shutdown` counts as one more. 0 means that all has arrived there, not that a
  /// program has read it. Windows does not tell: there the answer is always 0.
  /// @throws std::system_error
  [[nodiscard]] std::size_t unacknowledged() const;

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
  /// @throws std::system_error; ValueError if the descriptor is a socket of another family.
  [[nodiscard]] Address getsockname() const;

  /// The peer's address, getpeername(2).
  /// @throws std::system_error `ENOTCONN` once the peer has reset the connection: keep the address `accept` gave.
  [[nodiscard]] Address getpeername() const;

  /// The descriptor's number, or -1 if the socket is empty. It stays owned by the socket.
  [[nodiscard]] int fileno() const noexcept { return fd_; }

  /// How often `accept`, `connect`, `take_error`, `send` and `recv` got something done on it: how a selector tells a
  /// socket that is served from one that keeps it awake for nothing.
  [[nodiscard]] unsigned uses() const noexcept { return uses_; }

  /// True after `accept` has left a client in the queue that it cannot take now: a selector gives the listening socket
  /// a rest then, instead of reporting it all the time.
  [[nodiscard]] bool needs_rest() const noexcept { return needs_rest_; }

  /// The rest is over.
  void end_rest() noexcept { needs_rest_ = false; }

  /// Gives the descriptor up without closing it; the caller closes it. The socket is empty afterwards.
  int detach() noexcept;

  /// Closes the descriptor, close(2). On an empty socket it does nothing. Take it out of its selector first. With input
  /// unread the connection is reset (RFC 9293, section 3.6.1).
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

/// What `accept` returns: Python's pair of connection and address.
struct Accepted {
  Socket conn;   ///< The new connection, owned.
  Address addr;  ///< The peer's address. It stays true when the connection is reset.
};

/// What to do when clients are turned away.
/// @param what one line without its end: on which descriptor, why, and what helps.
using TurnedAwayHandler = void (*)(std::string_view what);

/// Sets what is called when clients are turned away: by `Socket::accept` for want of descriptors or memory, or by a
/// program that calls tell_turned_away(). It is called **once an incident**, however many clients and reasons there
/// are: an incident is over when nobody was turned away for a second. A line for each client would fill a disk, or
/// block the server on a log that nobody reads. It holds for the whole process, because its descriptors do; any thread
/// may set it, and it is called in the thread that accepts. At first nothing is called.
/// @param handler a function, or null for none.
/// @return the one before.
TurnedAwayHandler on_turned_away(TurnedAwayHandler handler) noexcept;

/// Reports that a client was turned away, for a reason that `accept` cannot know: no room for its key, a limit of the
/// program's own. Any thread may call it.
/// @param what one line for the handler, which is called unless it was called already in this incident.
void tell_turned_away(std::string_view what);

/// Two connected sockets, socketpair(2), both blocking: for tests and for talking to a thread. On Windows they are the
/// two ends of a TCP connection over the loopback, and nobody else can have come in between.
[[nodiscard]] std::pair<Socket, Socket> socketpair();

}  // namespace selectors
