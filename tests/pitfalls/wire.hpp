// Two machines and a cable between them, as two network namespaces (network_namespaces(7)) and a veth(4) pair.
#pragma once

#include "support/peer.hpp"
#include "support/story.hpp"

#include <string>

namespace pitfalls {

/// Needs root. Nothing of it has a name or outlives the process: the namespaces are held by two descriptors.
class Wire {
 public:
  /// True if such namespaces can be made here.
  static bool can_be_laid();

  /// @throws std::system_error or std::runtime_error if it cannot be laid.
  Wire();
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire();

  /// What runs a program on the server's machine: a command line to be put before its own.
  std::string on_servers_machine() const { return enter(server_); }

  /// Where a server there listens.
  static std::string address() { return "10.77.0.1"; }

  /// Somebody on the client's machine connects to the server.
  support::Peer connect_far(support::Story& story, int port, const std::string& name) const;

  /// Somebody on the server's own machine does.
  support::Peer connect_near(support::Story& story, int port, const std::string& name) const;

  /// The client's machine vanishes: it neither answers nor says anything any more.
  void vanish(support::Story& story) const;

 private:
  static std::string enter(int space);

  int server_;
  int client_;
};

}  // namespace pitfalls
