// Those that the chat must not let in. Each is refused with one line, and the members notice nothing.
#include "tls.hpp"

#include <sys/resource.h>

#include <csignal>

using namespace support;
using namespace beyond;

namespace {

/// `openssl s_client` is refused for this reason.
void check_refused(const std::string& certificate, const std::string& more, const std::string& why) {
  Class chat;
  Program stranger(chat.story, s_client(chat.server.port(), certificate, "-quiet " + more));
  const std::string line = chat.server.line("a refusal");
  CHECK(line.rfind("refused ('127.0.0.1', ", 0) == 0);
  CHECK(line.substr(line.find("): ") + 3) == why);
  stranger.expect_exit(1);
  chat.expect_undisturbed();
}

std::string refused(const Peer& stranger, const std::string& why) {
  return "refused " + stranger.address() + ": " + why;
}

/// More descriptors for this process, and the programs that it starts.
void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 4096);
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

TEST_CASE("a client without a certificate is refused") { check_refused("", "", "no certificate"); }

TEST_CASE("a certificate from another authority is refused") {
  check_refused("other/eve", "", "its certificate is from another authority");
}

TEST_CASE("an expired certificate is refused") { check_refused("expired", "", "its certificate has expired"); }

TEST_CASE("a client with a server's certificate is refused") {
  check_refused("server", "", "its certificate is no good: unsuitable certificate purpose");
}

TEST_CASE("a certificate without a name is refused") { check_refused("nameless", "", "its certificate has no name"); }

TEST_CASE("a client that speaks TLS 1.2 is refused") {
  check_refused("ann", "-tls1_2", "no TLS 1.3 handshake (unsupported protocol)");
}

TEST_CASE("a client that rejects the server's host name leaves and is logged") {
  check_refused("ann", "-verify_hostname chat.example.org", "it refused: bad certificate");
}

TEST_CASE("a client that sends garbage instead of a hello is refused") {
  Class chat;
  for (const std::string& garbage : {std::string("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"), std::string(100, '\0'),
                                     std::string("\x16\x03\x01\x00\x05\xff\xff\xff\xff\xff", 10), pattern(5000)}) {
    Peer stranger(chat.story, chat.server.port(), "stranger");
    stranger.send(garbage);
    const std::string line = chat.server.line("a refusal");
    CHECK(line.rfind(refused(stranger, "no TLS 1.3 handshake ("), 0) == 0);
    stranger.expect_gone();
    chat.expect_undisturbed();
  }
}

TEST_CASE("a handshake that stops halfway is given up after its time limit") {
  Class chat("300");
  Peer silent(chat.story, chat.server.port(), "silent client");
  Peer half(chat.story, chat.server.port(), "client that sends half a hello");
  half.send(hello().substr(0, 100));
  chat.expect_undisturbed();
  chat.server.expect_line(refused(silent, "no handshake in time"));
  chat.server.expect_line(refused(half, "no handshake in time"));
  silent.expect_gone();
  half.expect_gone();
  pass(std::chrono::milliseconds(400));  // members have no such limit
  chat.expect_undisturbed();
}

TEST_CASE("a client that leaves during the handshake is logged as refused") {
  Class chat;
  Peer closes(chat.story, chat.server.port(), "client that closes");
  closes.send(hello().substr(0, 100));
  closes.close();
  chat.server.expect_line(refused(closes, "gone before the handshake was over"));
  Peer resets(chat.story, chat.server.port(), "client that resets");
  resets.send(hello().substr(0, 100));
  chat.server.wait_until_idle();
  resets.reset();
  const std::string line = chat.server.line("a refusal");
  CHECK(line.rfind(refused(resets, ""), 0) == 0);
  CHECK(line.find("Connection reset by peer") != line.npos);
  chat.expect_undisturbed();
}

TEST_CASE("a thousand unfinished handshakes do not disturb the members") {
  raise_descriptor_limit();
  Class chat("8000");
  const std::string half = hello().substr(0, 100);
  std::vector<Peer> strangers;
  strangers.reserve(1000);
  for (std::size_t i = 1; i <= 1000; ++i) {
    strangers.emplace_back(chat.story, chat.server.port(), "stranger");
    strangers.back().send(half);
    if (i % 100 != 0) continue;
    chat.server.expect_connections(2 + i);  // its queue is not what is tested
    chat.expect_undisturbed();
  }
  for (int i = 0; i < 20; ++i) chat.expect_undisturbed();
  int refusals = 0;
  for (; refusals < 1000; ++refusals)
    if (chat.server.line("a refusal").find("): no handshake in time") == std::string::npos) break;
  CHECK(refusals == 1000);
  chat.server.expect_connections(2);
  chat.expect_undisturbed();
}

TEST_CASE("unfinished handshakes use no CPU time") {
  Class chat;
  std::vector<Peer> strangers;
  for (int i = 0; i < 20; ++i) {
    strangers.emplace_back(chat.story, chat.server.port(), "stranger");
    strangers.back().send(hello().substr(0, 100));
  }
  chat.server.expect_connections(22);
  chat.server.wait_until_idle();
  CHECK(chat.server.ticks_within(std::chrono::milliseconds(1000)) <= 1);
}

TEST_CASE("strangers receive none of the members' messages") {
  Class chat;
  Peer stranger(chat.story, chat.server.port(), "stranger");
  stranger.send(hello().substr(0, 100));
  chat.expect_undisturbed();
  stranger.expect_silence(50);
}

TEST_CASE("a name in a certificate can neither forge a line nor control the terminal") {
  Story story;
  Server server(story, server_with());
  const Program two(story, s_client(server.port(), "two-lines"));
  const std::string line = server.line("somebody joins");
  CHECK(line.rfind("ann: hello\\x0abob joined from ", 0) == 0);
  const Program escape(story, s_client(server.port(), "escape"));
  CHECK(server.line("somebody joins").rfind("\\x1b[2Jann joined from ", 0) == 0);
}

TEST_CASE("the client refuses a server with the wrong certificate") {
  Story story;
  const Server elsewhere(story, server_with("elsewhere"));
  const Server stranger(story, server_with("other/server"));
  const Server student(story, server_with("ann"));
  const auto check = [&](const Server& server, const std::string& why) {
    Program(story, client_of("ann"), {.arguments = {"localhost", std::to_string(server.port())}}).expect_failure(why);
  };
  check(elsewhere, "its certificate is for another host");
  check(stranger, "its certificate is from another authority");
  check(student, "its certificate is no good: unsuitable certificate purpose");
}

TEST_CASE("the client reports why the server refused it") {
  Class chat;
  Program eve(chat.story, client_of("other/eve"), {.arguments = {"localhost", std::to_string(chat.server.port())}});
  eve.expect_failure("it refused: unknown CA");
  Program dora(chat.story, client_of("expired"), {.arguments = {"localhost", std::to_string(chat.server.port())}});
  dora.expect_failure("it refused: certificate expired");
}
