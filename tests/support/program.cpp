#include "program.hpp"

#include "measures.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <system_error>
#include <utility>

namespace support {

Program::Program(Story& story, const Command& command, const Start& start) : story_(story), name_(command.name) {
  if (start.descriptor_limit > 0) story_.needs_posix("a limit of descriptors would hold for Wine, not for the program");
  if (!start.preload.empty()) story_.needs_posix("nothing can be loaded before the C library");
  if (!start.under.empty()) story_.needs_posix("strace would trace Wine");
  std::string call = start.under.empty() ? command.line : start.under + ' ' + command.line;
  for (const auto& argument : start.arguments) call += ' ' + argument;
  story_.tell(name_, "is started: " + call);
  const Started started = start_process(command, start);
  pid_ = started.pid;
  in_ = started.in;
  collector_ = std::thread([this, started, start] { collect(started, start); });
}

Program::~Program() {
  if (status_ == -1) {
    kill(pid_, SIGKILL);
    reap(true);
  }
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  more_.notify_all();
  collector_.join();
  if (in_ >= 0) close(in_);
}

void Program::collect(const Started& started, const Start& start) {
  std::array<pollfd, 3> pipes = {
      {{started.out, POLLIN, 0}, {start.unread_errors ? -1 : started.err, POLLIN, 0}, {started.end, POLLIN, 0}}};
  const std::array<Output*, 2> outputs = {&out_, &err_};
  if (start.unread_errors) err_.ended = true;
  bool first_line_seen = false;
  int out = started.out;
  // What it leaves running may hold its pipes open as long as it likes: a moment after its end, so do its outputs end.
  std::optional<Clock::time_point> last;
  while (!out_.ended || !err_.ended) {
    poll(pipes.data(), pipes.size(), last ? milliseconds_until(*last) : -1);
    const bool ends = last && Clock::now() >= *last;
    if (pipes[2].revents != 0) {
      pipes[2].fd = -1;
      last = Clock::now() + std::chrono::milliseconds(300);
    }
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (pipes[i].revents == 0) continue;
      std::array<char, 65536> buffer{};
      const auto count = read(pipes[i].fd, buffer.data(), buffer.size());
      const std::lock_guard lock(mutex_);
      if (count > 0 && i == 0 && start.dropped && first_line_seen) continue;
      if (count > 0) {
        outputs[i]->text.append(buffer.data(), static_cast<std::size_t>(count));
      } else {
        pipes[i].fd = -1;
        outputs[i]->ended = true;
      }
      first_line_seen = first_line_seen || out_.text.find('\n') != std::string::npos;
      if ((start.unread || start.closed) && !out_.text.empty()) {
        pipes[0].fd = -1;  // left open, it is full before long
        out_.ended = true;
        if (start.closed) close(std::exchange(out, -1));
      }
      more_.notify_all();
    }
    if (ends) {
      const std::lock_guard lock(mutex_);
      out_.ended = err_.ended = true;
      more_.notify_all();
    }
  }
  // Only now: what is left unread must stay a pipe that somebody could still read.
  {
    std::unique_lock lock(mutex_);
    more_.wait(lock, [this] { return over_; });
  }
  if (out >= 0) close(out);
  close(started.err);
  if (started.end >= 0) close(started.end);
}

template <class Condition>
bool Program::wait_until(Clock::time_point deadline, const Condition& condition) {
  std::unique_lock lock(mutex_);
  return more_.wait_until(lock, deadline, condition);
}

std::string Program::take(std::size_t size) {
  const std::lock_guard lock(mutex_);
  std::string bytes = out_.text.substr(0, size);
  out_.text.erase(0, size);
  return bytes;
}

std::string Program::line(const std::string& expected) {
  std::size_t end = 0;
  bool ended = false;
  wait_until(story_.deadline(), [&] {
    ended = out_.ended;
    return (end = out_.text.find('\n')) != out_.text.npos || ended;
  });
  if (end == std::string::npos) {
    const std::string rest = take(end);
    const bool goes_on = !ended || !ends_now();
    story_.fail(expected + " from " + name_, (goes_on ? "none came" : "it " + how_it_ended(status_)) +
                                                 (rest.empty() ? "" : " after " + shown(rest)) + said_on_stderr());
  }
  std::string line = take(end + 1);
  line.pop_back();
  story_.tell(name_, "prints " + (line.size() > 200 ? shown(line) : line));
  return line;
}

void Program::expect_line(const std::string& expected) {
  const std::string got = line("the line " + expected);
  story_.expect(got == expected, name_ + " prints " + expected, "it printed " + got);
}

void Program::expect_in_order(const std::vector<std::string>& expected) {
  for (const auto& wanted : expected)
    while (line("the line " + wanted) != wanted) {
    }
}

void Program::expect_silence(int milliseconds) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(milliseconds);
  if (wait_until(deadline, [&] { return !out_.text.empty(); }))
    story_.fail(name_ + " prints nothing for now", "it printed " + shown(take(std::string::npos)));
}

std::string Program::rest() {
  if (!wait_until(story_.deadline(), [&] { return out_.ended; }))
    story_.fail("the output of " + name_ + " ends", "it is still open");
  return take(std::string::npos);
}

void Program::expect_output(std::string_view expected) {
  wait_until(story_.deadline(), [&] { return out_.text.size() >= expected.size() || out_.ended; });
  const std::string got = take(expected.size());
  story_.tell(name_, "prints " + shown(got));
  story_.expect(got == expected, name_ + " prints " + shown(expected), "it printed " + shown(got) + said_on_stderr());
}

std::string Program::errors() {
  const std::lock_guard lock(mutex_);
  return err_.text;
}

std::string Program::said_on_stderr() {
  constexpr std::size_t most = 500;
  std::string text = errors();
  if (text.empty()) return "";
  if (text.ends_with('\n')) text.pop_back();
  return "; on standard error it printed: " + (text.size() > most ? text.substr(0, most) + " …" : text);
}

void Program::reap(bool block) {
  int status = 0;
  if (status_ == -1 && waitpid(pid_, &status, block ? 0 : WNOHANG) == pid_) status_ = status;
}

bool Program::running() {
  reap(false);
  return status_ == -1;
}

std::string Program::ending() { return running() ? "" : exit_text(status_); }

void Program::expect_running() {
  if (!ends_now()) return;
  story_.tell(name_, how_it_ends(status_));
  story_.fail(name_ + " keeps running", "it " + how_it_ended(status_) + said_on_stderr());
}

bool Program::ends_now() {
  constexpr std::chrono::milliseconds moment(300);
  if (!eventually(moment, [&] { return !running(); })) return false;
  wait_until(Clock::now() + moment, [&] { return err_.ended; });
  return true;
}

void Program::wait_for_end() {
  if (!story_.eventually([&] { return !running(); })) story_.fail(name_ + " ends", "it is still running");
  story_.tell(name_, how_it_ends(status_));
  wait_until(story_.deadline(), [&] { return err_.ended; });
}

void Program::expect_exit(int status) {
  wait_for_end();
  story_.expect(WIFEXITED(status_) && WEXITSTATUS(status_) == status,
                name_ + " ends with status " + std::to_string(status),
                "it " + how_it_ended(status_) + said_on_stderr());
}

void Program::expect_failure() {
  wait_for_end();
  story_.expect(WIFEXITED(status_) && WEXITSTATUS(status_) != 0, name_ + " ends with a status other than 0",
                "it " + how_it_ended(status_));
}

void Program::expect_failure(const std::string& part) {
  expect_failure();
  const std::string text = errors();
  story_.expect(std::count(text.begin(), text.end(), '\n') == 1 && text.find(part) != text.npos,
                "one line on standard error that contains '" + part + "'", "it was " + shown(text));
}

void Program::type(std::string_view bytes) {
  const auto deadline = story_.deadline();
  story_.tell(name_, "is given " + shown(bytes) + " on standard input");
  while (!bytes.empty()) {
    bytes.remove_prefix(type_some(bytes));
    pollfd full{in_, POLLOUT, 0};
    if (!bytes.empty() && poll(&full, 1, milliseconds_until(deadline)) == 0)
      story_.fail(name_ + " reads its standard input", std::to_string(bytes.size()) + " bytes are left");
  }
}

std::size_t Program::type_some(std::string_view bytes) {
  const auto count = write(in_, bytes.data(), bytes.size());
  if (count < 0 && errno != EAGAIN) story_.fail(name_ + " reads its standard input", "it has closed it");
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

void Program::end_input() {
  story_.tell(name_, "reaches the end of its standard input");
  close(std::exchange(in_, -1));
}

void Program::signal(int number) {
  if (number != SIGKILL) story_.needs_posix("a signal that Linux sends reaches Wine, not the program");
  story_.tell(name_, "is sent signal " + std::to_string(number));
  kill(pid_, number);
}

void Program::kill_and_wait() {
  signal(SIGKILL);
  reap(true);
}

void Program::freeze() {
  story_.tell(name_, "is paused (SIGSTOP)");
  kill(pid_, SIGSTOP);
  int status = 0;
  waitpid(pid_, &status, WUNTRACED);
  story_.expect(WIFSTOPPED(status), name_ + " is paused", "it has ended");
}

void Program::thaw() {
  story_.tell(name_, "continues (SIGCONT)");
  kill(pid_, SIGCONT);
}

Server::Server(Story& story, const Command& command, Start start, const std::string& host, const std::string& port)
    : Program(story, command, [&] {
        start.arguments.insert(start.arguments.begin(), {host, port});
        return start;
      }()) {
  first_line_ = line("a first line that ends in 'port N', printed before it waits,");
  const auto at = first_line_.rfind("port ");
  if (at != first_line_.npos) port_ = std::atoi(first_line_.c_str() + at + 5);
  story.expect(port_ > 0 && first_line_.ends_with("port " + std::to_string(port_)),
               "a first line that ends in 'port N', with the port on which it really listens", "it was " + first_line_);
  if (!tested_on_windows()) descriptors_before_ = open_descriptors();
}

std::size_t Server::connections() const {
  return tested_on_windows() ? accepted_connections(port_) : open_descriptors() - descriptors_before_;
}

void Server::expect_connections(std::size_t count) const {
  story_.expect(story_.eventually([&] { return connections() == count; }),
                name_ + " has " + std::to_string(count) + " connections", "it has " + std::to_string(connections()));
}

}  // namespace support
