#include "support/catch.hpp"
#include "support/command_line.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

#include <csignal>

using namespace support;

namespace {

constexpr auto program = "CHAT_SERVER";

/// A member whose arrival the server has announced.
Peer join(Story& story, Server& server, const std::string& name, int receive_buffer = 0) {
  Peer member(story, server.port(), name, receive_buffer);
  server.expect_line("Accepted connection from " + member.address());
  return member;
}

std::string every_byte() {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  return bytes;
}

}  // namespace

TEST_CASE("chat-server sends each message to everyone but its sender") {
  Story story;
  Server server(story, program);
  CHECK(server.first_line() == "Chat server started on port " + std::to_string(server.port()));
  Peer ann = join(story, server, "ann");
  Peer bob = join(story, server, "bob");
  Peer cid = join(story, server, "cid");
  ann.send("hello all\n");
  bob.expect("hello all\n");
  cid.expect("hello all\n");
  server.expect_line("Received data from " + ann.address() + ": hello all");
  server.expect_line("");
  bob.send("hello ann");
  ann.expect("hello ann");  // and nothing of her own before it
  cid.expect("hello ann");
  server.expect_line("Received data from " + bob.address() + ": hello ann");
  bob.close();
  server.expect_line("Closing connection to " + bob.address());
  ann.send("bye");
  cid.expect("bye");
}

TEST_CASE("chat-server prints only its first line with --quiet") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  server.expect_connections(2);
  ann.send("hello");
  bob.expect("hello");
  server.expect_silence(100);
}

TEST_CASE("chat-server forwards arbitrary bytes unchanged") {
  Story story;
  Server server(story, program);
  Peer ann = join(story, server, "ann");
  Peer bob = join(story, server, "bob");
  for (const std::string& bytes :
       {std::string("\xff"), std::string("\xc3"), std::string("\xe2\x82"), std::string(1, '\0'),
        std::string("\xed\xa0\x80 \xf8\x88\x80\x80\x80"), every_byte()}) {
    ann.send(bytes);
    bob.expect(bytes);
  }
  CHECK(server.running());
}

TEST_CASE("chat-server logs a character correctly when it arrives in two pieces") {
  Story story;
  Server server(story, program);
  Peer ann = join(story, server, "ann");
  Peer bob = join(story, server, "bob");
  ann.send("\xc3");
  bob.expect("\xc3");
  ann.send("\xa9\n");
  bob.expect("\xa9\n");
  server.expect_line("Received data from " + ann.address() + ": ");
  server.expect_line("Received data from " + ann.address() + ": é");
  server.expect_line("");
  ann.send("é");
  bob.expect("é");
  server.expect_line("Received data from " + ann.address() + ": é");
}

TEST_CASE("chat-server logs half a character as one error when the other half never arrives") {
  Story story;
  Server server(story, program);
  Peer ann = join(story, server, "ann");
  Peer bob = join(story, server, "bob");
  ann.send("\xe2\x82");
  bob.expect("\xe2\x82");
  server.expect_line("Received data from " + ann.address() + ": ");
  ann.close();
  server.expect_line("Received data from " + ann.address() + ": \ufffd");
  server.expect_line("Closing connection to " + ann.address());
}

TEST_CASE("chat-server keeps half characters of different members apart") {
  Story story;
  Server server(story, program);
  Peer ann = join(story, server, "ann");
  Peer bob = join(story, server, "bob");
  ann.send("\xe2");
  bob.expect("\xe2");
  bob.send("x\n");
  ann.expect("x\n");
  ann.send("\x82\xac\n");
  bob.expect("\x82\xac\n");
  server.expect_line("Received data from " + ann.address() + ": ");
  server.expect_line("Received data from " + bob.address() + ": x");
  server.expect_line("");
  server.expect_line("Received data from " + ann.address() + ": €");
}

TEST_CASE("chat-server keeps serving when its log cannot be written and reports that once") {
  Story story;
  Server server(story, program, {.closed = true});
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  server.expect_connections(2);
  const auto talk = [&] {
    ann.send(pattern(1000));
    bob.expect(pattern(1000));
  };
  for (int i = 0; i < 1000 && server.errors().empty(); ++i) talk();
  for (int i = 0; i < 20; ++i) talk();
  const std::string errors = server.errors();  // one line, and not one for each that is lost
  CHECK(errors.find("write to standard output: Broken pipe") != errors.npos);
  CHECK(lines_of(errors) == 1);
  server.signal(SIGTERM);
  server.expect_exit(1);  // not all of the log was written
}

TEST_CASE("chat-server does not let a client control the server's terminal") {
  Story story;
  Server server(story, program);
  Peer ann = join(story, server, "ann");
  ann.send("\x1b[2J\r\x07");
  server.expect_line("Received data from " + ann.address() + ": \\x1b[2J\\x0d\\x07");
  // NOLINTNEXTLINE(misc-misleading-bidirectional): as a client would
  ann.send("\u202eevil\u2028\u200b");
  server.expect_line("Received data from " + ann.address() + ": \\u202eevil\\u2028\\u200b");
}

TEST_CASE("chat-server keeps each sender's bytes in order") {
  Story story;
  const Server server(story, program, {.arguments = {"--quiet"}});
  Peer reader(story, server.port(), "reader");
  Peer ann(story, server.port(), "ann");
  server.expect_connections(2);
  std::string said;
  for (int i = 0; i < 2000; ++i) said += "line " + std::to_string(i) + "\n";
  ann.send(said);
  reader.expect(said);
}

TEST_CASE("chat-server sends a message at once even if the one before is not acknowledged yet") {
  Story story;
  const Server server(story, program, {.arguments = {"--quiet"}});
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  server.expect_connections(2);
  expect_no_delay(story, [&] {
    bob.send("and?");  // a client that also speaks delays its acknowledgements
    ann.expect("and?");
    ann.send("one");
    bob.expect("one");
    ann.send("two");
    bob.expect("two");
  });
}

TEST_CASE("chat-server drops a member that resets and keeps serving the others") {
  Story story;
  Server server(story, program);
  Peer ann = join(story, server, "ann");
  Peer bob = join(story, server, "bob");
  for (int i = 0; i < 10; ++i) {
    Peer cid = join(story, server, "cid");
    cid.reset();
    server.expect_line("Closing connection to " + cid.address());
  }
  ann.send("still here?");
  bob.expect("still here?");
}

TEST_CASE("chat-server survives a reset in the same batch as another member's message") {
  Story story;
  for (const bool speaker_first : {true, false}) {
    Server server(story, program);
    Peer ann = join(story, server, "ann");
    Peer bob = join(story, server, "bob");
    Peer cid = join(story, server, "cid");
    server.freeze();
    if (speaker_first) ann.send("hello");
    bob.reset();
    if (!speaker_first) ann.send("hello");
    server.thaw();
    cid.expect("hello");
    server.expect_in_order({"Closing connection to " + bob.address()});
  }
}

TEST_CASE("chat-server limits the memory for a member that never reads and finally drops it") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  Peer deaf(story, server.port(), "deaf member");
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  server.expect_connections(3);
  const long before = server.resident_kib();
  const std::string said = pattern(100'000);
  std::size_t total = 0;
  while (server.connections() == 3 && total < 50'000'000) {
    ann.send(said);
    bob.expect(said);  // the others never wait for it
    total += said.size();
  }
  CHECK(server.connections() == 2);
  CHECK(server.resident_kib() - before < 1024 + 4096 + Program::sanitizer_kib());
  deaf.expect_gone();
}

TEST_CASE("chat-server keeps a member that pauses and delivers everything to it") {
  Story story;
  const Server server(story, program, {.arguments = {"--quiet"}});
  Peer slow(story, server.port(), "slow member", 4096);
  Peer ann(story, server.port(), "ann");
  server.expect_connections(2);
  server.shrink_send_buffers();  // so that it waits in the server
  const std::string said = pattern(800'000);
  ann.send(said);
  ann.send("the end");
  slow.expect(said);
  slow.expect("the end");
}

TEST_CASE("chat-server delivers earlier messages to a member that has finished sending") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}});
  Peer slow(story, server.port(), "slow member", 4096);
  Peer ann(story, server.port(), "ann");
  Peer witness(story, server.port(), "witness");
  server.expect_connections(3);
  server.shrink_send_buffers();  // so that it waits in the server
  const std::string said = pattern(500'000);
  ann.send(said);
  witness.expect(said);
  slow.half_close();
  server.wait_until_idle();
  slow.expect_all(said);
}

TEST_CASE("chat-server uses no CPU time while nobody sends anything") {
  Story story;
  Server server(story, program);
  std::vector<Peer> members;
  for (int i = 0; i < 10; ++i) members.push_back(join(story, server, "member"));
  CHECK(server.ticks_within(std::chrono::milliseconds(1000)) <= 1);
}

TEST_CASE("chat-server survives running out of descriptors") {
  Story story;
  Server server(story, program, {.arguments = {"--quiet"}, .descriptor_limit = 40});
  {
    std::vector<Peer> members;
    for (int i = 0; i < 60; ++i) members.emplace_back(story, server.port());
    CHECK(server.ticks_within(std::chrono::milliseconds(500)) <= 2);
    members.front().send("hello");
    members[1].expect("hello");
  }
  CHECK(lines_of(server.errors()) == 1);  // for all that were turned away
  server.expect_connections(0);
  Peer ann(story, server.port(), "ann");
  Peer bob(story, server.port(), "bob");
  server.expect_connections(2);
  ann.send("hello");
  bob.expect("hello");
}

TEST_CASE("chat-server exits with status 0 on SIGINT and SIGTERM") {
  for (const int number : {SIGINT, SIGTERM}) {
    Story story;
    Server server(story, program);
    Peer ann = join(story, server, "ann");
    server.signal(number);
    server.expect_exit(0);
    ann.expect_end();
  }
}

TEST_CASE("chat-server has a non-blocking listening socket") {
  Story story;
  const Server server(story, program);
  server.expect_nonblocking_listener();
}

TEST_CASE("chat-server can be restarted at once on the same port") { check_comes_back(program); }

TEST_CASE("chat-server reports a mistake on its command line in one line") { check_command_line(program); }

TEST_CASE("chat-server reports that its port is already in use") { check_port_in_use(program); }

TEST_CASE("chat-server listens on IPv6 too") { check_ipv6(program); }
