#include "program.hpp"

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
#include <system_error>
#include <utility>

namespace support {
namespace {

const std::map<std::string_view, const char*> programs = {
    {"BLOCKING_ACCEPT", "01-blocking-accept/blocking-accept"},
    {"SELECTOR_ACCEPT", "02-selector-accept/selector-accept"},
    {"CALLBACKS", "03-callbacks/callbacks"},
    {"ECHO_SERVER", "04-echo-server/echo-server"},
    {"ECHO_CLIENT", "05-echo-client/echo-client"},
    {"MULTICONN_SERVER", "06-multiconn/multiconn-server"},
    {"MULTICONN_CLIENT", "06-multiconn/multiconn-client"},
    {"CALLBACK_SERVER", "06-multiconn/callback-server"},
    {"CHAT_SERVER", "07-chat/chat-server"},
    {"CHAT_CLIENT", "07-chat/chat-client"},
};

/// The student's own program, a command line in the variable; else the one built here.
std::string command_line(std::string_view variable) {
  if (const char* const own = std::getenv(std::string(variable).c_str()); own != nullptr && *own != '\0') return own;
  return "'" LESSONS_DIR "/" + std::string(programs.at(variable)) + "'";
}

void make_pipe(int& read_end, int& write_end) {
  std::array<int, 2> fds{};
  if (pipe2(fds.data(), O_CLOEXEC) < 0) throw std::system_error(errno, std::system_category(), "pipe");
  read_end = fds[0];
  write_end = fds[1];
}

std::string exit_text(int status) {
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  return "status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Program::Program(Story& story, std::string_view variable, const Start& start) : story_(story) {
  std::signal(SIGPIPE, SIG_IGN);
  const std::string command = command_line(variable);
  std::string call = command;
  for (const auto& argument : start.arguments) call += ' ' + argument;
  name_ = std::filesystem::path(programs.at(variable)).filename();
  story_.tell(name_, "is started: " + call);

  int in = -1;
  int out_read = -1;
  int out_write = -1;
  int err_read = -1;
  int err_write = -1;
  if (start.input.empty())
    make_pipe(in, in_);
  else
    in = open(start.input.c_str(), O_RDONLY | O_CLOEXEC);
  make_pipe(out_read, out_write);
  make_pipe(err_read, err_write);
  // exec in the shell: the process that we signal and measure is the program itself
  const std::string script = "exec " + command + " \"$@\"";
  std::vector<const char*> argv = {"sh", "-c", script.c_str(), "sh"};
  for (const auto& argument : start.arguments) argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(in, 0);
    dup2(out_write, 1);
    dup2(err_write, 2);
    std::signal(SIGPIPE, SIG_DFL);
    // AddressSanitizer keeps freed memory for a while, which would hide how much a program itself holds.
    setenv("ASAN_OPTIONS", "quarantine_size_mb=1", 0);
    // A command line names files from where it was typed; CTest runs the tests somewhere else.
    if (const char* const typed_in = std::getenv("PWD"); typed_in == nullptr || chdir(typed_in) < 0) chdir(COURSE_DIR);
    if (start.descriptor_limit > 0) {
      const auto count = static_cast<rlim_t>(start.descriptor_limit);
      const rlimit limit{count, count};
      setrlimit(RLIMIT_NOFILE, &limit);
    }
    execv("/bin/sh", const_cast<char* const*>(argv.data()));
    _exit(127);
  }
  for (const int fd : {in, out_write, err_write}) close(fd);
  if (in_ >= 0) fcntl(in_, F_SETFL, O_NONBLOCK);
  collector_ = std::thread([this, out_read, err_read, unread = start.unread] { collect(out_read, err_read, unread); });
}

Program::~Program() {
  if (status_ == -1) {
    kill(pid_, SIGKILL);
    reap(true);
  }
  collector_.join();
  if (in_ >= 0) close(in_);
}

void Program::collect(int out, int err, bool unread) {
  std::array<pollfd, 2> pipes = {{{out, POLLIN, 0}, {err, POLLIN, 0}}};
  const std::array<Output*, 2> outputs = {&out_, &err_};
  while (!out_.ended || !err_.ended) {
    poll(pipes.data(), pipes.size(), -1);
    for (std::size_t i = 0; i < pipes.size(); ++i) {
      if (pipes[i].revents == 0) continue;
      std::array<char, 65536> buffer{};
      const auto count = read(pipes[i].fd, buffer.data(), buffer.size());
      const std::lock_guard lock(mutex_);
      if (count > 0)
        outputs[i]->text.append(buffer.data(), static_cast<std::size_t>(count));
      else
        close(std::exchange(pipes[i].fd, -1)), outputs[i]->ended = true;
      if (unread && !out_.text.empty()) {
        pipes[0].fd = -1;  // left open, and full before long
        out_.ended = true;
      }
      more_.notify_all();
    }
  }
  if (unread) close(out);
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
  wait_until(Clock::now() + patience, [&] { return (end = out_.text.find('\n')) != out_.text.npos || out_.ended; });
  if (end == std::string::npos) {
    const std::string rest = take(end);
    story_.fail(expected + " from " + name_,
                (running() ? "none came" : "its output has ended, with " + exit_text(status_)) +
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
  if (!wait_until(Clock::now() + patience, [&] { return out_.ended; }))
    story_.fail("the end of the output of " + name_, "it goes on");
  return take(std::string::npos);
}

void Program::expect_output(std::string_view expected) {
  wait_until(Clock::now() + patience, [&] { return out_.text.size() >= expected.size() || out_.ended; });
  const std::string got = take(expected.size());
  story_.tell(name_, "prints " + shown(got));
  story_.expect(got == expected, name_ + " prints " + shown(expected), "it printed " + shown(got) + said_on_stderr());
}

std::string Program::said_on_stderr() {
  const std::lock_guard lock(mutex_);
  return err_.text.empty() ? "" : "; on standard error it said " + shown(err_.text);
}

void Program::reap(bool block) {
  int status = 0;
  if (status_ == -1 && waitpid(pid_, &status, block ? 0 : WNOHANG) == pid_) status_ = status;
}

bool Program::running() {
  reap(false);
  return status_ == -1;
}

void Program::wait_for_end() {
  if (!eventually([&] { return !running(); })) story_.fail(name_ + " ends", "it is still running");
  story_.tell(name_, "ends with " + exit_text(status_));
  wait_until(Clock::now() + patience, [&] { return err_.ended; });
}

void Program::expect_exit(int status) {
  wait_for_end();
  story_.expect(WIFEXITED(status_) && WEXITSTATUS(status_) == status,
                name_ + " ends with status " + std::to_string(status),
                "it ended with " + exit_text(status_) + said_on_stderr());
}

void Program::expect_failure(const std::string& part) {
  wait_for_end();
  story_.expect(WIFEXITED(status_) && WEXITSTATUS(status_) != 0, name_ + " ends with a status other than 0",
                "it ended with " + exit_text(status_));
  const std::string text = err_.text;
  story_.expect(std::count(text.begin(), text.end(), '\n') == 1 && text.find(part) != text.npos,
                "one line on standard error with '" + part + "' in it", "there was " + shown(text));
}

void Program::type(std::string_view bytes) {
  const auto deadline = Clock::now() + patience;
  story_.tell(name_, "is given on stdin " + shown(bytes));
  while (!bytes.empty()) {
    bytes.remove_prefix(type_some(bytes));
    pollfd full{in_, POLLOUT, 0};
    if (!bytes.empty() && poll(&full, 1, milliseconds_until(deadline)) == 0)
      story_.fail(name_ + " reads its input", std::to_string(bytes.size()) + " bytes are left");
  }
}

std::size_t Program::type_some(std::string_view bytes) {
  const auto count = write(in_, bytes.data(), bytes.size());
  if (count < 0 && errno != EAGAIN) story_.fail(name_ + " reads its input", "it has closed it");
  return count < 0 ? 0 : static_cast<std::size_t>(count);
}

void Program::end_input() {
  story_.tell(name_, "sees the end of its input");
  close(std::exchange(in_, -1));
}

void Program::signal(int number) {
  story_.tell(name_, "is sent signal " + std::to_string(number));
  kill(pid_, number);
}

void Program::wait_until_idle() const {
  long before = -1;
  const bool idle = eventually([&] {
    const long ticks = std::exchange(before, cpu_ticks());
    poll(nullptr, 0, 100);
    return ticks == before;
  });
  story_.expect(idle, name_ + " comes to rest", "it goes on using processor time");
}

void Program::kill_and_wait() {
  signal(SIGKILL);
  reap(true);
}

void Program::freeze() {
  story_.tell(name_, "is stopped where it is");
  kill(pid_, SIGSTOP);
  int status = 0;
  waitpid(pid_, &status, WUNTRACED);
  story_.expect(WIFSTOPPED(status), name_ + " is stopped", "it has ended");
}

void Program::thaw() {
  story_.tell(name_, "goes on");
  kill(pid_, SIGCONT);
}

Server::Server(Story& story, std::string_view variable, Start start, const std::string& host, const std::string& port)
    : Program(story, variable, [&] {
        start.arguments.insert(start.arguments.begin(), {host, port});
        return start;
      }()) {
  first_line_ = line("a first line that ends in 'port N', out before it waits,");
  const auto at = first_line_.rfind("port ");
  if (at != first_line_.npos) port_ = std::atoi(first_line_.c_str() + at + 5);
  story.expect(port_ > 0 && first_line_.ends_with("port " + std::to_string(port_)),
               "a first line that ends in 'port N', with the port it really listens on", "it was " + first_line_);
  descriptors_before_ = open_descriptors();
}

void Server::expect_connections(std::size_t count) const {
  story_.expect(eventually([&] { return connections() == count; }),
                name_ + " has " + std::to_string(count) + " connections",
                "it has " + std::to_string(open_descriptors()) + " descriptors after " +
                    std::to_string(descriptors_before_) + " without any");
}

}  // namespace support
