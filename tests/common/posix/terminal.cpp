// What the lessons print: how bytes look, and in how many writes lines leave.
#include "../../support/catch.hpp"

#include <lesson/terminal.hpp>
#include <selectors/selectors.hpp>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

using lesson::print;

namespace {

/// Keeps writes apart, up to a page each: the end to read from, the end to write to.
#ifdef O_DIRECT
bool open_packets(std::array<int, 2>& ends) { return pipe2(ends.data(), O_DIRECT) == 0; }
#else
bool open_packets(std::array<int, 2>& ends) { return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()) == 0; }
#endif

/// What a process writes to its standard output and error, each write by itself.
template <class Body>
std::vector<std::string> writes_of(const Body& body) {
  std::array<int, 2> ends{};
  REQUIRE(open_packets(ends));
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    lesson::set_program_name("program");
    body();
    _exit(0);
  }
  close(ends[1]);
  std::vector<std::string> writes;
  std::array<char, 4096> packet{};
  for (ssize_t size = 0; (size = read(ends[0], packet.data(), packet.size())) > 0;)
    writes.emplace_back(packet.data(), static_cast<std::size_t>(size));
  close(ends[0]);
  int status = -1;
  waitpid(child, &status, 0);
  CHECK(status == 0);
  return writes;
}

using Writes = std::vector<std::string>;

/// Something to be printed that counts how often it is made into text.
struct Counted {
  int* made;
  void append_to(std::string& text) const { text += "made " + std::to_string(++*made); }
};

}  // namespace

TEST_CASE("a line is written before print returns") {
  CHECK(writes_of([] {
          print("one ", 1);
          print(std::string("two"), " of ", selectors::Address("127.0.0.1", 80));
        }) == Writes{"one 1\n", "two of ('127.0.0.1', 80)\n"});
}

TEST_CASE("the lines of a turn are written together at its end") {
  CHECK(writes_of([] {
          for (int turn = 1; turn <= 2; ++turn) {
            print("before turn ", turn);
            const lesson::Turn gathered;
            print("a");
            print("b");
          }
          { const lesson::Turn silent; }
        }) == Writes{"before turn 1\n", "a\nb\n", "before turn 2\n", "a\nb\n"});
}

TEST_CASE("the lines of an inner turn are written with those of the outer one") {
  CHECK(writes_of([] {
          const lesson::Turn outer;
          print("a");
          {
            const lesson::Turn inner;
            print("b");
          }
          print("c");
        }) == Writes{"a\nb\nc\n"});
}

TEST_CASE("an error within a turn is written after the lines printed before it") {
  CHECK(writes_of([] {
          const lesson::Turn turn;
          print("before");
          lesson::print_error("an error");
          print("after");
        }) == Writes{"before\n", "program: an error\n", "after\n"});
}

TEST_CASE("a turn that ends with an exception still writes its lines") {
  CHECK(writes_of([] {
          try {
            const lesson::Turn turn;
            print("said");
            throw std::runtime_error("the end");
          } catch (const std::runtime_error& error) {
            print(error.what());
          }
        }) == Writes{"said\n", "the end\n"});
}

TEST_CASE("lines that cannot be written are reported once and the program goes on") {
  CHECK(writes_of([] {
          std::array<int, 2> ends{};
          signal(SIGPIPE, SIG_IGN);
          if (pipe(ends.data()) != 0 || close(ends[0]) != 0) _exit(2);
          dup2(ends[1], STDOUT_FILENO);
          if (lesson::has_lost_output()) _exit(3);
          print("nobody reads this");
          {
            const lesson::Turn turn;
            print("and not this");
          }
          if (!lesson::has_lost_output()) _exit(4);
        }) == Writes{"program: write to standard output: Broken pipe; lines are lost as long as this lasts\n"});
}

TEST_CASE("a quiet program does not format lines that it does not print") {
  CHECK(writes_of([] {
          int made = 0;
          lesson::be_quiet();
          print(Counted{&made});
          print(Counted{&made});
          if (made != 1) _exit(1);
        }) == Writes{"made 1\n"});
}
