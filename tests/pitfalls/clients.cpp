#include "stage.hpp"

namespace pitfalls {
namespace {

using support::Listener;

const std::string message = "This is the message. It will be repeated.";

Start to(const Listener& listener) { return {.arguments = {"127.0.0.1", std::to_string(listener.port())}}; }

}  // namespace

void answer_in_pieces(Story& story, const Command& program) {
  Listener listener(story);
  Program client(story, program, to(listener));
  Peer server = listener.accept();
  server.expect(message);
  server.send(message.substr(0, 5));
  client.expect_in_order({"  received b'This '"});
  client.wait_until_idle();
  server.send(message.substr(5));
  client.expect_in_order({"  received b'" + message.substr(5) + "'"});
  client.expect_exit(0);
}

void end_the_answer_early(Story& story, const Command& program) {
  Listener listener(story);
  Program client(story, program, to(listener));
  Peer server = listener.accept();
  server.expect(message);
  server.send(message.substr(0, 5));
  server.half_close();
  client.expect_failure("5 of");
}

void refuse_the_connection(Story& story, const Command& program) {
  Program client(story, program, {.arguments = {"127.0.0.1", std::to_string(support::unused_port())}});
  client.expect_failure();
  const std::string said = client.errors();
  story.expect(said.find("refused") != said.npos, "the reason on standard error", "there was " + support::shown(said));
}

void talk_while_it_leaves(Story& story, const Command& program) {
  Listener listener(story);
  Program client(story, program, to(listener));
  Peer server = listener.accept();
  server.send("what the others said meanwhile\n");
  const std::string words = support::pattern(300'000);
  client.type(words);
  client.end_input();
  server.expect_all(words);
  server.close();
  client.expect_exit(0);
}

void listen_to_nobody(Story& story, const Command& program) {
  story.tell("the kernel", "will give the client's own end the port that the client connects to");
  const std::string port = std::to_string(support::unused_port());
  Program client(story, program, {.arguments = {"127.0.0.1", port}, .preload = OWN_PORT_SHIM});
  const std::string printed = client.rest();
  story.tell(program.name, "prints " + support::shown(printed));
  client.expect_failure();
  const std::string said = client.errors();
  story.expect(said.find("refused") != said.npos, "the reason on standard error", "there was " + support::shown(said));
}

}  // namespace pitfalls
