#include "support/catch.hpp"
#include "support/command_line.hpp"
#include "support/peer.hpp"
#include "support/program.hpp"

#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace support;

namespace {

constexpr auto program = "CHAT_CLIENT";

Start to(int port, const std::string& input = "") {
  return {.arguments = {"localhost", std::to_string(port)}, .input = input};
}

/// A file with these bytes, gone at the end of the test.
class File {
 public:
  explicit File(std::string_view bytes)
      : path_(std::filesystem::temp_directory_path() / ("chat-input-" + std::to_string(getpid()))) {
    std::ofstream(path_, std::ios::binary) << bytes;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove(path_); }

  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("chat-client sends typed lines and prints received data in any order") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  server.send("welcome\n");
  client.expect_output("welcome\n");
  client.type("hello\n");
  server.expect("hello\n");
  server.send("no newline");
  client.expect_output("no newline");
  client.type("again\n");
  server.expect("again\n");
}

TEST_CASE("chat-client sends each line at once even if the one before is not acknowledged yet") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  expect_no_delay(story, [&] {
    server.send("and?\n");
    client.expect_output("and?\n");
    client.type("one\n");
    server.expect("one\n");
    client.type("two\n");
    server.expect("two\n");
  });
}

TEST_CASE("chat-client exits with status 0 when its input has ended and all of it is sent") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  client.type("last words");
  client.end_input();
  server.expect_all("last words");
  server.send("good bye\n");
  server.close();
  CHECK(client.rest() == "good bye\n");
  client.expect_exit(0);
}

TEST_CASE("chat-client exits even if the server neither closes nor stops sending") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  client.end_input();
  for (int i = 0; i < 60 && client.running(); ++i) {
    if (i < 5) server.send("more\n");
    poll(nullptr, 0, 50);
  }
  client.expect_exit(0);
}

TEST_CASE("chat-client sends a whole file while it receives messages") {
  Story story;
  const std::string data = pattern(3'000'000);
  const File file(data);
  Listener listener(story);
  Program client(story, program, to(listener.port(), file.path()));
  Peer server = listener.accept();
  server.send("you are not read at first\n");
  client.expect_output("you are not read at first\n");
  server.expect_all(data);
  server.close();
  client.expect_exit(0);
}

TEST_CASE("chat-client sends an empty file") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port(), "/dev/null"));
  Peer server = listener.accept();
  server.expect_end();
  server.close();
  client.expect_exit(0);
}

TEST_CASE("chat-client keeps printing while a large paste cannot be sent") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  const std::string paste = pattern(20'000'000);
  std::size_t typed = 0;
  for (int idle = 0; idle < 20; ++idle) {
    const auto more = client.type_some(std::string_view(paste).substr(typed));
    if (more > 0) idle = 0;
    typed += more;
    poll(nullptr, 0, 10);
  }
  CHECK(typed < paste.size());
  CHECK(client.resident_kib() < 65'536);
  server.send("can you hear me?\n");
  client.expect_output("can you hear me?\n");
  CHECK(client.ticks_within(std::chrono::milliseconds(500)) <= 1);
  server.expect(paste.substr(0, typed));
}

TEST_CASE("chat-client uses no CPU time while nobody sends anything") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  client.type("x");
  server.expect("x");
  CHECK(client.ticks_within(std::chrono::milliseconds(1000)) <= 1);
}

TEST_CASE("chat-client exits with an error when the server disconnects while its input is still open") {
  Story story;
  for (const bool reset : {false, true}) {
    Listener listener(story);
    Program client(story, program, to(listener.port()));
    Peer server = listener.accept();
    client.type("hello\n");
    server.expect("hello\n");
    if (reset)
      server.reset();
    else
      server.close();
    if (reset) story.needs_posix("Wine reports a reset as an ordinary close");
    client.expect_failure(reset ? "onnection reset" : "has closed the connection");
  }
}

TEST_CASE("chat-client prints any bytes unchanged") {
  Story story;
  Listener listener(story);
  Program client(story, program, to(listener.port()));
  Peer server = listener.accept();
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(i % 256);
  server.send(bytes);
  client.expect_output(bytes);
}

TEST_CASE("chat-client waits for a server that pauses and delivers the whole file") {
  for (const std::size_t size : {200'000U, 3'000'000U}) {
    Story story;
    const std::string data = pattern(size);
    const File file(data);
    Listener listener(story);
    Program client(story, program, to(listener.port(), file.path()));
    Peer server = listener.accept();
    server.send("nobody has read this yet");
    poll(nullptr, 0, 1500);  // longer than it waits for a server that does not close
    if (!support::tested_on_windows()) CHECK(client.running());  // there nobody tells it what has not arrived yet
    server.expect_all(data);
    server.close();
    client.expect_exit(0);
  }
}

TEST_CASE("chat-client exits with an error when not all of a file could be delivered") {
  for (const bool reset : {false, true}) {
    Story story;
    const File file(pattern(10'000'000));
    Listener listener(story);
    Program client(story, program, to(listener.port(), file.path()));
    Peer server = listener.accept();
    server.expect(pattern(1000));  // of much more
    if (reset)
      server.reset();
    else
      server.close();
    client.expect_failure("");
  }
}

TEST_CASE("chat-client exits with an error when a signal ends it before everything is sent") {
  Story story;
  const File file(pattern(20'000'000));  // more than all buffers on the way hold
  Listener listener(story);
  Program client(story, program, to(listener.port(), file.path()));
  Peer server = listener.accept();
  while (client.ticks_within(std::chrono::milliseconds(100)) > 0) {
  }  // until nothing goes on
  client.signal(SIGTERM);
  client.expect_failure("interrupted");
}

TEST_CASE("chat-client treats unreadable input as the end of input") {
  Story story;
  Listener listener(story);
  Start start = to(listener.port());
  start.under = "sh -c 'exec \"$@\" 0>/dev/null' sh";  // as nohup(1) does
  Program client(story, program, start);
  Peer server = listener.accept();
  server.expect_end();
  server.close();
  client.expect_exit(0);
}

TEST_CASE("chat-client exits with status 0 on SIGINT and SIGTERM") {
  for (const int number : {SIGINT, SIGTERM}) {
    Story story;
    Listener listener(story);
    Program client(story, program, to(listener.port()));
    Peer server = listener.accept();
    client.type("x");
    server.expect("x");
    client.signal(number);
    client.expect_exit(0);
  }
}

TEST_CASE("chat-client exits with an error when no server is listening") {
  Story story;
  const int port = unused_port();
  Program(story, program, to(port)).expect_failure("Connection refused");
}

TEST_CASE("chat-clients talk to each other through chat-server") {
  Story story;
  Server server(story, "CHAT_SERVER");
  Program ann(story, program, to(server.port()));
  server.line();
  Program bob(story, program, to(server.port()));
  server.line();
  ann.type("hello bob\n");
  bob.expect_output("hello bob\n");
  bob.type("hello ann\n");
  ann.expect_output("hello ann\n");
  ann.end_input();
  ann.expect_exit(0);
  bob.type("anybody there?\n");
  bob.end_input();
  bob.expect_exit(0);
}

TEST_CASE("chat-client reports a mistake on its command line in one line") { check_command_line(program); }
