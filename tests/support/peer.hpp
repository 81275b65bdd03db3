// The other end of the wire: plain sockets in the test's hand, which can do what no decent program does.
#pragma once

#include "story.hpp"

#include <poll.h>

#include <functional>
#include <string>
#include <string_view>

namespace support {

/// One TCP connection, from connect() or accept(). It never blocks for longer than patience, and sends at once.
class Peer {
 public:
  /// Connects to a port on the loopback.
  /// @param receive_buffer SO_RCVBUF in bytes, 0 for the kernel's choice: small makes a slow reader at once.
  Peer(Story& story, int port, std::string name = "client", int receive_buffer = 0,
       const std::string& host = "127.0.0.1");

  /// Takes a connected descriptor over.
  Peer(Story& story, std::string name, int fd);

  Peer(Peer&& other) noexcept;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  Peer& operator=(Peer&&) = delete;
  ~Peer();

  /// Its own address as the programs print it: `('127.0.0.1', 59850)`.
  const std::string& address() const { return address_; }

  /// Sends all of it.
  void send(std::string_view bytes);

  /// Sends what the kernel takes within a moment, without reading, and says how much that was.
  std::size_t send_without_reading(std::string_view bytes);

  /// Sends all of it, reading at the same time, and the same must come back.
  void expect_echo(std::string_view bytes);

  /// The next bytes must be these.
  void expect(std::string_view bytes);

  /// What comes until nothing has come for a moment.
  std::string drain();

  /// Exactly so many bytes.
  std::string receive(std::size_t size);

  /// These bytes must come, and then the end.
  void expect_all(std::string_view bytes);

  /// The other side closes, and sends nothing before it does.
  void expect_end() { expect_all({}); }

  /// The other side closes or resets; what it sends before is passed over.
  void expect_gone();

  /// True if there is something to read now, be it the end.
  bool has_input() const { return wait(POLLIN, Clock::now()); }

  /// Nothing comes within so many milliseconds.
  void expect_silence(int milliseconds);

  /// Ends its output only; it can still read (shutdown(SHUT_WR)).
  void half_close();

  /// Leaves without a word: the other side gets a reset instead of an end (SO_LINGER with time 0).
  void reset();

  /// Closes.
  void close();

 private:
  std::string receive(std::size_t size, const std::string& expected);
  void learn_address();
  bool wait(short events, Clock::time_point deadline) const;

  Story& story_;
  std::string name_;
  std::string address_;
  int fd_ = -1;
};

/// None of the program's answers waits for the acknowledgement of what it sent before, which would take 40 ms and more.
/// @param exchange says something that is answered in more than one piece, and takes the answer. It is done 30 times;
/// the
///   first few may be quick in any case, because a new connection acknowledges at once.
void expect_no_delay(Story& story, const std::function<void()>& exchange);

/// A listening socket, for the programs that are clients.
class Listener {
 public:
  explicit Listener(Story& story);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();

  /// The next connection.
  Peer accept(const std::string& name = "server");

  /// Where it listens.
  int port() const { return port_; }

 private:
  Story& story_;
  int port_ = 0;
  int fd_ = -1;
};

/// A port on the loopback on which nobody listens.
int unused_port();

/// Returns this many bytes, in which each place says where it is: `0000000 0000008 0000016 …`.
std::string pattern(std::size_t size);

}  // namespace support
