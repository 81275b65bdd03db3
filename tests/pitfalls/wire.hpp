// Two machines and a cable between them, as two network namespaces (network_namespaces(7)) and a veth(4) pair.
#pragma once

#include "support/peer.hpp"
#include "support/story.hpp"

#include <string>

namespace pitfalls {

/// Needs root. It has no name and does not outlive the process: two descriptors hold the namespaces.
class Wire {
 public:
  /// True if such namespaces can be made here.
  static bool can_be_laid();

  /// @throws std::system_error or std::runtime_error if it cannot be laid.
  Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  /// Runs a program on the server's machine: to be put before the program's own command line.
  std::string on_servers_machine() const { return enter(server_); }

  /// The address at which a server there listens.
  static std::string address() { return "10.77.0.1"; }

  /// A client on the client's machine connects to the server.
  support::Peer connect_far(support::Story& story, int port, const std::string& name) const;

  /// A client on the server's own machine does.
  support::Peer connect_near(support::Story& story, int port, const std::string& name) const;

  /// The client's machine vanishes: it no longer answers or sends anything.
  void vanish(support::Story& story) const;

 private:
  static std::string enter(int space);

  int server_;
  int client_;
};

}  // namespace pitfalls
