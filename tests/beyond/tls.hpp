// What the tests of beyond/tls share: the server of a class, and a student in the test's hand.
#pragma once

#include "../support/catch.hpp"
#include "../support/peer.hpp"
#include "../support/program.hpp"

#include <tls.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace beyond {

/// The options for a certificate of tests/beyond/certificates.py: `ann`, `other/eve`.
std::vector<std::string> options_for(const std::string& name, const std::string& authority = "ca");

/// The same as the programs' command line has them.
std::string command_line(const std::vector<std::string>& options);

/// The server, with its certificate, and `--limit` for a handshake.
support::Command server_with(const std::string& certificate = "server", const std::string& limit = "10000");

/// The client, with somebody's certificate.
support::Command client_of(const std::string& name, const std::string& authority = "ca");

/// `openssl s_client`, a client of others' making. Without a certificate if the name is empty.
support::Command s_client(int port, const std::string& name, const std::string& more = "-quiet");

/// The first bytes that a client says.
std::string hello();

/// A client of TLS in the test's hand. It waits no longer than the story's patience.
class Student {
 public:
  /// Connects, and has its certificate accepted.
  Student(support::Story& story, support::Server& server, const std::string& name, int receive_buffer = 0);

  const std::string& address() const { return address_; }

  /// Says all of it, in as few records as there can be.
  void say(std::string bytes);

  /// Says as much of it as is taken within a moment.
  void say_some(std::string bytes);

  /// Asks the server for a new key, so many times, and reads no answer.
  void ask_for_keys(int count);

  /// The next bytes must be these.
  void expect(std::string_view bytes);

  /// The server says goodbye.
  void expect_goodbye();

  /// The server is gone, with a goodbye or without.
  void expect_gone();

  void say_goodbye();

  /// Sends a record that no key of this session has sealed.
  void break_record();

  /// Closes the connection without a goodbye.
  void cut() { sock_.close(); }

  /// How many bytes it has heard so far, and nobody has expected yet. It does not wait.
  std::size_t hears();

 private:
  template <class Call>
  tls::Result until_done(const std::string& what, Call call);

  support::Story& story_;
  std::string name_;
  selectors::Socket sock_;
  std::string address_;
  tls::Context context_;
  tls::Session session_;
  std::string heard_;
};

/// A server with two members, who must not notice what strangers do.
struct Class {
  explicit Class(const std::string& limit = "10000") : server(story, server_with("server", limit)) {}

  /// What ann says is heard at once.
  void expect_undisturbed();

  support::Story story;
  support::Server server;
  Student ann{story, server, "ann"};
  Student bob{story, server, "bob"};
};

}  // namespace beyond
