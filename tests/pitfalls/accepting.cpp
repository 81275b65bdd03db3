#include "stage.hpp"

#include "support/command_line.hpp"

#include <sys/syscall.h>

namespace pitfalls {
namespace {

constexpr int limit = 40;
constexpr int crowd = 60;

std::vector<Peer> come(Story& story, const Server& server, int count) {
  std::vector<Peer> clients;
  for (int i = 0; i < count; ++i) clients.emplace_back(story, server.port(), "client " + std::to_string(i + 1));
  return clients;
}

/// A command that runs a program under strace, which tampers with its accept(2): `how` ends the expression.
std::string tampered(const std::string& how) {
  return "strace -D -qq -o /dev/null -e trace=accept,accept4 -e inject=accept,accept4:" + how;
}

}  // namespace

void steal_the_connection(Story& story, const Command& program) {
  Server server(story, program, {.under = tampered("delay_enter=2000000:when=2")});
  Peer bystander(story, server.port(), "bystander");
  bystander.expect_echo("hello");
  const Peer client(story, server.port());
  server.wait_until_in({SYS_accept, SYS_accept4});
  server.steal_connection();  // as a second process on the same listening socket would
  bystander.expect_echo("still there?");
}

void fail_accept_once(Story& story, const Command& program) {
  for (const std::string error : {"ECONNABORTED", "EPROTO", "EINTR", "EAGAIN", "EPERM"}) {
    Server server(story, program, {.under = tampered("error=" + error + ":when=1")});
    while_it_runs(server, [&] {
      Peer client(story, server.port());
      client.expect_echo("hello");
    });
  }
}

void take_all_descriptors(Story& story, const Command& program) {
  Server server(story, program, {.descriptor_limit = limit});
  {
    auto clients = come(story, server, crowd);
    expect_at_rest(story, server);
    expect_served(server, clients.front());
  }
  server.expect_connections(0);
  Peer late(story, server.port(), "late client");
  expect_served(server, late);
}

void take_all_descriptors_unread(Story& story, const Command& program) {
  {
    Server server(story, program, {.unread_errors = true, .descriptor_limit = limit});
    auto clients = come(story, server, crowd);
    support::pass(std::chrono::milliseconds(200));
    expect_served(server, clients.front());
  }
  Server server(story, program, {.descriptor_limit = limit});
  const auto clients = come(story, server, crowd);
  support::pass(std::chrono::milliseconds(200));
  const long lines = support::lines_of(server.errors());
  story.expect(lines == 1, "one line on standard error for the whole crowd", std::to_string(lines) + " lines came");
}

void come_many_at_once(Story& story, const Command& program) {
  Server server(story, program);
  server.freeze();  // like a server that is busy for a moment
  auto clients = come(story, server, 20);
  server.thaw();
  for (auto& client : clients) expect_served(server, client);
}

void start_again(Story& story, const Command& program) { support::check_comes_back(story, program); }

void look_localhost_up(Story& story, const Command& program) {
  Server server(story, program, {.preload = LOCALHOST_SHIM});
  Peer client(story, server.port());  // to 127.0.0.1
  expect_served(server, client);
}

}  // namespace pitfalls
