#include "scenes.hpp"

#include "support/peer.hpp"
#include "support/program.hpp"
#include "support/transcript.hpp"

#include <csignal>
#include <map>
#include <stdexcept>

using namespace support;

namespace scenes {
namespace {

/// All that a server printed, from its first line to its end.
std::string printed_by(Server& server) { return server.first_line() + '\n' + server.rest(); }

/// So many more lines.
std::string next_lines(Program& program, int count) {
  std::string lines;
  while (count-- > 0) lines += program.line() + '\n';
  return lines;
}

/// What is left to be printed by a server that has done its work and sleeps; a signal ends it.
std::string rest_until_stopped(Server& server) {
  server.wait_until_idle();
  server.signal(SIGTERM);
  return server.rest();
}

std::vector<Transcript> blocking_accept(Story& story) {
  Server server(story, "BLOCKING_ACCEPT");
  server.wait_until_idle();
  Peer client(story, server.port());
  client.expect_end();
  client.close();
  return {{"blocking-accept", stable_transcript(printed_by(server), server.port(), 7342)}};
}

std::vector<Transcript> selector_accept(Story& story) {
  Server server(story, "SELECTOR_ACCEPT");
  std::string printed = server.first_line() + '\n';
  server.wait_until_idle();
  Peer first(story, server.port(), "client 1");
  printed += next_lines(server, 2);
  server.wait_until_idle();
  Peer second(story, server.port(), "client 2");
  printed += next_lines(server, 2);
  server.wait_until_idle();
  first.expect_end();
  first.close();
  printed += rest_until_stopped(server);
  second.expect_end();
  return {{"selector-accept", stable_transcript(printed, server.port(), 7342)}};
}

std::vector<Transcript> callbacks(Story& story) {
  Server server(story, "CALLBACKS");
  server.wait_until_idle();
  Peer client(story, server.port());
  client.expect_end();
  client.close();
  std::string printed = server.first_line() + '\n';
  printed += next_lines(server, 2);
  printed += rest_until_stopped(server);
  return {{"callbacks", stable_transcript(printed, server.port(), 7342)}};
}

std::vector<Transcript> echo_server(Story& story) {
  Server server(story, "ECHO_SERVER");
  server.wait_until_idle();
  Peer client(story, server.port());
  server.expect_connections(1);
  server.wait_until_idle();
  client.send("hello\n");
  client.expect("hello\n");
  server.wait_until_idle();
  client.close();
  return {{"echo-server", stable_transcript(printed_by(server), server.port(), 10'000)}};
}

// The server is ours: a real one may give the echo back in two pieces, which is as right.
std::vector<Transcript> echo_client(Story& story) {
  Listener listener(story);
  Program client(story, "ECHO_CLIENT", {.arguments = {"localhost", std::to_string(listener.port())}});
  Peer server = listener.accept();
  const std::string all = server.receive(41);
  std::string printed;
  while (!printed.ends_with("read-only\nwaiting for I/O\n")) printed += client.line() + '\n';
  client.wait_until_idle();
  server.send(all);
  printed += client.rest();
  server.expect_end();
  return {{"echo-client", stable_transcript(printed, listener.port(), 10'000)}};
}

std::vector<Transcript> multiconn(Story& story) {
  Server server(story, "MULTICONN_SERVER", {}, "127.0.0.1");
  server.wait_until_idle();
  server.freeze();  // until both messages are there, so that they are read as one
  Program client(story, "MULTICONN_CLIENT",
                 {.arguments = {"--connections", "1", "127.0.0.1", std::to_string(server.port())}});
  std::string printed = next_lines(client, 3);
  client.wait_until_idle();
  server.thaw();
  printed += client.rest();
  server.expect_connections(0);
  const std::string by_server = server.first_line() + '\n' + rest_until_stopped(server);
  return {{"multiconn-server", stable_transcript(by_server, server.port(), 65'432)},
          {"multiconn-client", stable_transcript(printed, server.port(), 65'432)}};
}

/// For the player: the same, and then what one client alone cannot show. Two are ready at once; one of them half-closes
/// and still gets its answer; one resets.
std::vector<Transcript> many_connections(Story& story) {
  Server server(story, "MULTICONN_SERVER", {}, "127.0.0.1");
  server.wait_until_idle();
  server.freeze();
  Program client(story, "MULTICONN_CLIENT",
                 {.arguments = {"--connections", "1", "127.0.0.1", std::to_string(server.port())}});
  next_lines(client, 3);
  client.wait_until_idle();
  server.thaw();
  client.rest();
  server.expect_connections(0);
  server.wait_until_idle();
  Peer ann(story, server.port(), "ann");
  server.expect_connections(1);
  server.wait_until_idle();
  Peer bob(story, server.port(), "bob");
  server.expect_connections(2);
  server.wait_until_idle();
  server.freeze();
  ann.send("hello\n");
  bob.send("bye\n");
  bob.half_close();
  server.thaw();
  ann.expect("hello\n");
  bob.expect_all("bye\n");
  bob.close();
  server.wait_until_idle();
  Peer cid(story, server.port(), "cid");
  server.expect_connections(2);
  server.wait_until_idle();
  cid.reset();
  server.expect_connections(1);
  server.wait_until_idle();
  ann.expect_echo("still here\n");
  server.wait_until_idle();
  ann.close();
  server.expect_connections(0);
  rest_until_stopped(server);
  return {};
}

std::vector<Transcript> chat(Story& story) {
  Server server(story, "CHAT_SERVER");
  server.wait_until_idle();
  const std::vector<std::string> where = {"localhost", std::to_string(server.port())};
  Program ann(story, "CHAT_CLIENT", {.arguments = where});
  server.expect_connections(1);
  server.wait_until_idle();
  Program bob(story, "CHAT_CLIENT", {.arguments = where});
  server.expect_connections(2);
  server.wait_until_idle();
  ann.type("hello\n");
  bob.expect_output("hello\n");
  server.wait_until_idle();
  ann.end_input();
  ann.expect_exit(0);
  server.expect_connections(1);
  const std::string printed = server.first_line() + '\n' + rest_until_stopped(server);
  bob.expect_failure("has closed the connection");
  return {{"chat-server", stable_transcript(printed, server.port(), 12'345)}, {"chat-client", "hello\n"}};
}

const std::map<std::string_view, std::vector<Transcript> (*)(Story&)> by_lesson = {
    {"01-blocking-accept", blocking_accept},
    {"02-selector-accept", selector_accept},
    {"03-callbacks", callbacks},
    {"04-echo-server", echo_server},
    {"05-echo-client", echo_client},
    {"06-multiconn", multiconn},
    {"07-chat", chat},
};

/// Scenes that only a player shows; tests/record/scenes names them.
const std::map<std::string_view, std::vector<Transcript> (*)(Story&)> by_name = {{"06-many", many_connections}};

}  // namespace

const std::vector<std::string>& lessons() {
  static const std::vector<std::string> folders = [] {
    std::vector<std::string> names;
    for (const auto& [folder, scene] : by_lesson) names.emplace_back(folder);
    return names;
  }();
  return folders;
}

std::vector<Transcript> play(Story& story, std::string_view lesson) {
  for (const auto* scenes : {&by_lesson, &by_name})
    if (const auto scene = scenes->find(lesson); scene != scenes->end()) return scene->second(story);
  throw std::out_of_range("there is no scene for " + std::string(lesson));
}

}  // namespace scenes
