// Those that the chat lets in: what they say, how they leave, and what TLS makes their connections wait for.
#include "tls.hpp"

#include "../support/command_line.hpp"

#include <csignal>
#include <cstdlib>

using namespace support;
using namespace beyond;

namespace {

const std::string kept = "some words that are far from short";

Start to(const Server& server) { return {.arguments = {"localhost", std::to_string(server.port())}}; }

}  // namespace

TEST_CASE("members receive each other's lines with the name from the sender's certificate") {
  Class chat;
  CHECK(chat.server.first_line() == "Chat server started on port " + std::to_string(chat.server.port()));
  Program cid(chat.story, client_of("cid"), to(chat.server));
  CHECK(chat.server.line("cid joins").rfind("cid joined from ", 0) == 0);
  chat.ann.say("hello\nhow are you?\nand n");
  chat.bob.expect("ann: hello\nann: how are you?\n");
  cid.expect_output("ann: hello\nann: how are you?\n");
  chat.server.expect_line("ann: hello");
  chat.server.expect_line("ann: how are you?");
  cid.type("fine\n");
  chat.ann.expect("cid: fine\n");
  chat.bob.expect("cid: fine\n");
  chat.server.expect_line("cid: fine");
  chat.ann.say("ow?\n");
  chat.bob.expect("ann: and now?\n");
}

TEST_CASE("openssl's own client can join the chat") {
  Class chat;
  Program cid(chat.story, s_client(chat.server.port(), "cid"));
  CHECK(chat.server.line("cid joins").rfind("cid joined from ", 0) == 0);
  cid.type("from s_client\n");
  chat.ann.expect("cid: from s_client\n");
  chat.bob.expect("cid: from s_client\n");
  chat.ann.say("hello\n");
  cid.expect_output("ann: hello\n");
}

TEST_CASE("an unfinished line before a goodbye is delivered and the goodbye is answered") {
  Class chat;
  chat.ann.say("that was al");
  chat.ann.say_goodbye();
  chat.bob.expect("ann: that was al\n");
  chat.ann.expect_goodbye();
  chat.server.expect_line("ann: that was al");
  chat.server.expect_line("Closing connection to ann " + chat.ann.address());
}

TEST_CASE("a connection cut off without a goodbye is logged and its unfinished line is dropped") {
  Class chat;
  chat.ann.say("all\nbut not thi");
  chat.bob.expect("ann: all\n");
  chat.ann.cut();
  chat.server.expect_in_order(
      {"ann: all", "Closing connection to ann " + chat.ann.address() + ": cut off without a goodbye"});
  CHECK(chat.bob.hears() == 0);
  Program cid(chat.story, s_client(chat.server.port(), "cid"));
  CHECK(chat.server.line("cid joins").rfind("cid joined from ", 0) == 0);
  cid.kill_and_wait();
  const std::string line = chat.server.line("cid is cut off");
  CHECK(line.rfind("Closing connection to cid ", 0) == 0);
  CHECK(line.find(": cut off without a goodbye") != line.npos);
  chat.bob.say("still here\n");
  chat.server.expect_line("bob: still here");
}

TEST_CASE("data waiting inside the TLS library is read even if the socket is silent") {
  Class chat;
  std::string said;
  std::string heard;
  for (int i = 0; i < 300; ++i) {
    said += std::to_string(i) + ' ' + kept + '\n';
    heard += "ann: " + std::to_string(i) + ' ' + kept + '\n';
  }
  REQUIRE(said.size() > 8192);
  REQUIRE(said.size() < 16'384);  // one record, of which the server takes a part at a time
  chat.ann.say(said);
  chat.bob.expect(heard);
}

TEST_CASE("a read that has to write waits until there is room and then goes on") {
  Class chat;
  Student keen(chat.story, chat.server, "cid", 4096);
  chat.server.shrink_send_buffers();
  keen.ask_for_keys(3000);  // each answer is 27 bytes, and is read by nobody: the server's read has no room to write it
  chat.server.wait_until_idle();
  CHECK(chat.server.ticks_within(std::chrono::milliseconds(300)) <= 1);
  chat.expect_undisturbed();
  keen.say("and now?\n");
  CHECK(chat.bob.hears() == 0);
  CHECK(chat.story.eventually([&] { return keen.hears() > 0 && chat.bob.hears() > 0; }));  // which makes room
  keen.expect("ann: still here\n");
  chat.bob.expect("cid: and now?\n");
}

TEST_CASE("a member that never reads is dropped without delaying the others") {
  Class chat;
  Student deaf(chat.story, chat.server, "cid", 4096);
  chat.server.shrink_send_buffers();
  std::string said;
  std::string heard;
  for (int i = 0; i < 1000; ++i) said += pattern(99) + '\n', heard += "ann: " + pattern(99) + '\n';
  int rounds = 0;
  for (; rounds < 100 && chat.server.connections() == 3; ++rounds) {
    chat.ann.say(said);
    chat.bob.expect(heard);
  }
  CHECK(chat.server.connections() == 2);
  CHECK(rounds > 9);  // a mebibyte is its right
  chat.server.expect_in_order({"Closing connection to cid " + deaf.address() + ": it does not read"});
  deaf.expect_gone();
}

TEST_CASE("a slow member receives everything") {
  Class chat;
  Student slow(chat.story, chat.server, "cid", 4096);
  chat.server.shrink_send_buffers();
  std::string said;
  std::string heard;
  for (int i = 0; i < 5000; ++i) said += pattern(99) + '\n', heard += "ann: " + pattern(99) + '\n';
  chat.ann.say(said);
  chat.bob.expect(heard);
  slow.say_goodbye();  // its outbox still goes out
  slow.expect(heard);
  slow.expect_goodbye();
}

TEST_CASE("a member that sends an endless line is disconnected") {
  Class chat;
  Student endless(chat.story, chat.server, "cid");
  endless.say_some(std::string(100'000, 'x'));
  chat.server.expect_line("Closing connection to cid " + endless.address() + ": a line without end");
  chat.expect_undisturbed();
}

TEST_CASE("a member that sends a broken record is disconnected") {
  Story story;
  Server server(story, server_with());
  Student bob(story, server, "bob");
  Student ann(story, server, "ann");
  ann.break_record();
  const std::string line = server.line("ann is dropped");
  CHECK(line.rfind("Closing connection to ann " + ann.address() + ": broken TLS (", 0) == 0);
  CHECK(bob.hears() == 0);
}

TEST_CASE("on SIGINT and SIGTERM the server says goodbye to its members and exits with status 0") {
  for (const int number : {SIGINT, SIGTERM}) {
    Class chat;
    Program cid(chat.story, client_of("cid"), to(chat.server));
    CHECK(chat.server.line("cid joins").rfind("cid joined from ", 0) == 0);
    chat.server.signal(number);
    chat.server.expect_exit(0);
    chat.ann.expect_goodbye();
    cid.expect_failure("it has closed the connection");
  }
}

TEST_CASE("the client reports a server that is cut off without a goodbye") {
  Class chat;
  Program cid(chat.story, client_of("cid"), to(chat.server));
  CHECK(chat.server.line("cid joins").rfind("cid joined from ", 0) == 0);
  chat.server.kill_and_wait();
  cid.expect_failure("cut off without a goodbye");
}

TEST_CASE("the client exits with status 0 once all its input has been delivered") {
  Class chat;
  std::string said;
  std::string heard;
  for (int i = 0; i < 5000; ++i) said += pattern(99) + '\n', heard += "cid: " + pattern(99) + '\n';
  Program cid(chat.story, client_of("cid"), to(chat.server));
  cid.type(said + "the end");
  cid.end_input();
  chat.bob.expect(heard + "cid: the end\n");
  cid.expect_exit(0);
}

TEST_CASE("the client waits for the server's goodbye") {
  Class chat;
  Program cid(chat.story, client_of("cid"), to(chat.server));
  CHECK(chat.server.line("cid joins").rfind("cid joined from ", 0) == 0);
  chat.server.freeze();
  cid.type("the end\n");
  cid.end_input();
  cid.wait_until_idle();
  cid.expect_running();
  chat.server.thaw();
  chat.bob.expect("cid: the end\n");
  cid.expect_exit(0);
}

TEST_CASE("the client gives up on a server that never answers its hello") {
  Story story;
  Listener silent(story);
  Command command = client_of("ann");
  command.line += " --limit 200";
  Program ann(story, command, {.arguments = {"localhost", std::to_string(silent.port())}});
  Peer server = silent.accept();
  ann.expect_failure("no handshake in time");
}

TEST_CASE("the server has a non-blocking listening socket") {
  Story story;
  Server(story, server_with()).expect_nonblocking_listener();
}

TEST_CASE("the server can be restarted at once on the same port") {
  Story story;
  check_comes_back(story, server_with());
}

TEST_CASE("the programs report a mistake on their command line in one line") {
  setenv("TLS_CHAT_SERVER", server_with().line.c_str(), 1);
  setenv("TLS_CHAT_CLIENT", client_of("ann").line.c_str(), 1);
  check_command_line("TLS_CHAT_SERVER");
  check_command_line("TLS_CHAT_CLIENT");
  check_port_in_use("TLS_CHAT_SERVER");
  check_ipv6("TLS_CHAT_SERVER");
  unsetenv("TLS_CHAT_SERVER");
  unsetenv("TLS_CHAT_CLIENT");
}

TEST_CASE("the server reports which file is missing or wrong") {
  Story story;
  const std::string folder = options_for("ann")[1].substr(0, options_for("ann")[1].size() - 7);
  Command bare("TLS_CHAT_SERVER");
  Program(story, bare, {.arguments = {"localhost", "0"}}).expect_failure("--cert FILE is missing");
  const auto check = [&](const std::string& option, const std::string& file, const std::string& why) {
    Program(story, server_with(), {.arguments = {"localhost", "0", option, folder + file}}).expect_failure(why);
  };
  check("--cert", "nowhere.crt", "--cert: cannot read the file");
  check("--cert", "ann.key", "--cert: no certificate in");
  check("--key", "bob.key", "is not the private key of");
  check("--ca", "ann.key", "--ca: no certificate in");
  check("--limit", "soon", "must be a number from 1 to 3600000");
}
