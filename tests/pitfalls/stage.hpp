// What several demonstrations share.
#pragma once

#include "demonstrations.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

namespace pitfalls {

using support::Failed;
using support::Peer;
using support::Program;
using support::Server;
using support::Start;

/// Without a line for each event: for demonstrations with a lot of data.
inline Start quiet() { return {.arguments = {"--quiet"}}; }

/// For a recording: less data and smaller buffers, so that the same happens sooner and can be followed.
inline bool in_small = false;

/// If the server has died, reports that, and not what a client saw of it.
template <class Action>
void while_it_runs(Server& server, const Action& action) {
  try {
    action();
  } catch (const Failed&) {
    server.expect_running();
    throw;
  }
}

/// A client that has nothing to do with the incident is still served.
inline void expect_served(Server& server, Peer& bystander) {
  while_it_runs(server, [&] { bystander.expect_echo("still there?"); });
}

/// The server has nothing to do, and uses no processor time.
inline void expect_at_rest(Story& story, const Server& server) {
  const long used = server.ticks_within(std::chrono::milliseconds(500));
  story.expect(used <= 3, "a server with nothing to do uses no processor time",
               "in half a second it used " + std::to_string(used) + " ticks of 10 ms");
}

}  // namespace pitfalls
