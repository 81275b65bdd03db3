#include "stage.hpp"

#include <algorithm>

namespace pitfalls {
namespace {

constexpr int small_buffer = 4096;  // makes a slow reader at once

/// So many bytes; for a recording only a few, which fill its smaller buffers just as well.
std::string much(Server& server, std::size_t size) {
  if (!in_small) return support::pattern(size);
  server.expect_connections(1);
  server.shrink_send_buffers();
  return support::pattern(30'000);
}

}  // namespace

void read_late(Story& story, const Command& program) {
  Server server(story, program, quiet());
  Peer client(story, server.port(), "client", small_buffer);
  const std::string data = support::pattern(16'000'000);  // more than the kernel takes off the server's hands
  const auto sent = client.send_without_reading(data);
  client.expect(std::string_view(data).substr(0, sent));
}

void never_read(Story& story, const Command& program) {
  Server server(story, program, quiet());
  Peer bystander(story, server.port(), "bystander");
  const Peer silent(story, server.port(), "silent client", small_buffer);
  while_it_runs(server, [&] {
    Peer(story, server.port(), "deaf client", small_buffer).send_without_reading(support::pattern(8'000'000));
  });
  expect_served(server, bystander);
}

void say_much_then_half_close(Story& story, const Command& program) {
  Server server(story, program, quiet());
  Peer client(story, server.port(), "client", small_buffer);
  const std::string data = much(server, 4'000'000);
  const auto sent = client.send_without_reading(data);
  client.half_close();
  server.wait_until_idle();
  client.expect_all(std::string_view(data).substr(0, sent));
}

void end_while_output_waits(Story& story, const Command& program) {
  Server server(story, program, quiet());
  Peer client(story, server.port(), "client", small_buffer);
  const std::string data = support::pattern(16'000'000);
  const auto sent = client.send_without_reading(data);
  server.wait_until_idle();
  server.freeze();
  const std::string early = client.drain();  // now there is room to write
  client.half_close();                       // and the end to read, at once
  server.thaw();
  while_it_runs(server, [&] { client.expect_all(std::string_view(data).substr(early.size(), sent - early.size())); });
}

void pile_up(Story& story, const Command& program) {
  Server server(story, program, quiet());
  Peer client(story, server.port(), "client", small_buffer);
  const long before = server.resident_kib();
  client.send_without_reading(support::pattern(24'000'000));
  server.wait_until_idle();
  const long grown = server.resident_kib() - before;
  story.expect(grown < 4096 + Program::sanitizer_kib(), "the server's memory stays as it is",
               "it grew by " + std::to_string(grown) + " KiB");
}

void drain_a_pile(Story& story, const Command& program) {
  constexpr std::size_t size = 10'000'000;
  Server server(story, program, quiet());
  Peer prompt(story, server.port(), "prompt client");
  long before = server.cpu_ticks();
  prompt.expect_echo(support::pattern(size));
  const long usual = server.cpu_ticks() - before;
  story.tell(program.name, "used " + std::to_string(usual) + " ticks of 10 ms for this");

  Peer late(story, server.port(), "late client", small_buffer);
  const auto sent = late.send_without_reading(support::pattern(24'000'000));
  server.wait_until_idle();
  before = server.cpu_ticks();
  late.receive(std::min(sent, size));
  const long used = server.cpu_ticks() - before;
  story.expect(used <= 10 + 2 * usual, "the same number of bytes takes about as long when they have piled up",
               "they took " + std::to_string(used) + " ticks of processor time");
}

}  // namespace pitfalls
