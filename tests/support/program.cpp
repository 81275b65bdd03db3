#include "program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
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
  int out = -1;
  int err = -1;
  if (start.input.empty())
    make_pipe(in, in_);
  else
    in = open(start.input.c_str(), O_RDONLY | O_CLOEXEC);
  make_pipe(out_, out);
  make_pipe(err_, err);
  // exec in the shell: the process that we signal and measure is the program itself
  const std::string script = "exec " + command + " \"$@\"";
  std::vector<const char*> argv = {"sh", "-c", script.c_str(), "sh"};
  for (const auto& argument : start.arguments) argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    std::signal(SIGPIPE, SIG_DFL);
    if (start.descriptor_limit > 0) {
      const auto count = static_cast<rlim_t>(start.descriptor_limit);
      const rlimit limit{count, count};
      setrlimit(RLIMIT_NOFILE, &limit);
    }
    execv("/bin/sh", const_cast<char* const*>(argv.data()));
    _exit(127);
  }
  for (const int fd : {in, out, err}) close(fd);
  for (const int fd : {in_, out_, err_})
    if (fd >= 0) fcntl(fd, F_SETFL, O_NONBLOCK);
}

Program::~Program() {
  if (status_ == -1) {
    kill(pid_, SIGKILL);
    reap(true);
  }
  for (const int fd : {in_, out_, err_})
    if (fd >= 0) close(fd);
}

bool Program::take(int& fd, std::string& to) {
  std::array<char, 65536> buffer{};
  const auto count = read(fd, buffer.data(), buffer.size());
  if (count > 0) to.append(buffer.data(), static_cast<std::size_t>(count));
  if (count == 0) close(std::exchange(fd, -1));
  return count > 0;
}

bool Program::read_more(int milliseconds) {
  std::array<pollfd, 2> waiting = {{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  if (out_ < 0 && err_ < 0) return false;
  if (poll(waiting.data(), waiting.size(), milliseconds) <= 0) return false;
  if (waiting[0].revents != 0) take(out_, out_text_);
  if (waiting[1].revents != 0 && take(err_, err_text_)) story_.tell(name_, "says on stderr " + shown(err_text_));
  return true;
}

std::string Program::line() {
  const auto deadline = Clock::now() + patience;
  std::size_t end = 0;
  while ((end = out_text_.find('\n')) == out_text_.npos) {
    if (out_ < 0 || !read_more(milliseconds_until(deadline))) {
      story_.fail("another line from " + name_, (out_ < 0 ? "its output has ended" : "none came") +
                                                    (out_text_.empty() ? "" : " after " + shown(out_text_)));
    }
  }
  std::string line = out_text_.substr(0, end);
  out_text_.erase(0, end + 1);
  story_.tell(name_, "prints " + (line.size() > 200 ? shown(line) : line));
  return line;
}

void Program::expect_line(const std::string& expected) {
  const std::string got = line();
  story_.expect(got == expected, name_ + " prints " + expected, "it printed " + got);
}

void Program::expect_in_order(const std::vector<std::string>& expected) {
  for (const auto& wanted : expected)
    while (line() != wanted) {
    }
}

void Program::expect_silence(int milliseconds) {
  const auto deadline = Clock::now() + std::chrono::milliseconds(milliseconds);
  while (out_text_.empty() && out_ >= 0 && Clock::now() < deadline) read_more(milliseconds_until(deadline));
  story_.expect(out_text_.empty(), name_ + " prints nothing for now", "it printed " + shown(out_text_));
}

std::string Program::rest() {
  const auto deadline = Clock::now() + patience;
  while (out_ >= 0)
    if (!read_more(milliseconds_until(deadline))) story_.fail("the end of the output of " + name_, "it goes on");
  return std::exchange(out_text_, {});
}

std::string Program::output(std::size_t size) {
  const auto deadline = Clock::now() + patience;
  while (out_text_.size() < size)
    if (out_ < 0 || !read_more(milliseconds_until(deadline)))
      story_.fail(std::to_string(size) + " bytes printed by " + name_, "there were " + shown(out_text_));
  std::string bytes = out_text_.substr(0, size);
  out_text_.erase(0, size);
  story_.tell(name_, "prints " + shown(bytes));
  return bytes;
}

std::string Program::errors() {
  const auto deadline = Clock::now() + patience;
  while (err_ >= 0 && read_more(milliseconds_until(deadline))) {
  }
  return err_text_;
}

void Program::reap(bool block) {
  int status = 0;
  if (status_ == -1 && waitpid(pid_, &status, block ? 0 : WNOHANG) == pid_) status_ = status;
}

bool Program::running() {
  reap(false);
  return status_ == -1;
}

void Program::expect_exit(int status) {
  const bool ended = eventually([&] {
    read_more(0);  // it may be waiting for room in its own output
    return !running();
  });
  story_.expect(ended, name_ + " ends", "it is still running");
  const std::string errors_seen = errors();
  story_.expect(WIFEXITED(status_) && WEXITSTATUS(status_) == status,
                name_ + " ends with status " + std::to_string(status),
                "it ended with " + exit_text(status_) + (errors_seen.empty() ? "" : ", saying " + shown(errors_seen)));
  story_.tell(name_, "ends with " + exit_text(status_));
}

void Program::expect_failure(const std::string& part) {
  const bool ended = eventually([&] {
    read_more(0);
    return !running();
  });
  story_.expect(ended, name_ + " ends with an error", "it is still running");
  const std::string text = errors();
  story_.expect(WIFEXITED(status_) && WEXITSTATUS(status_) != 0, name_ + " ends with a status other than 0",
                "it ended with " + exit_text(status_));
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

long Program::cpu_ticks() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  long user = 0;
  long system = 0;
  fields >> user >> system;
  return user + system;
}

long Program::resident_kib() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  return 0;
}

std::size_t Program::open_descriptors() const {
  const std::filesystem::directory_iterator entries("/proc/" + std::to_string(pid_) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

void Program::expect_nonblocking_listener() const {
  const auto pidfd = static_cast<int>(syscall(SYS_pidfd_open, pid_, 0));
  bool found = false;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/fd")) {
    const int number = std::stoi(entry.path().filename());
    const auto fd = static_cast<int>(syscall(SYS_pidfd_getfd, pidfd, number, 0));
    int listening = 0;
    socklen_t size = sizeof listening;
    if (fd >= 0 && getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0) {
      found = true;
      story_.expect((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0,
                    "the listening socket does not block: a connection may be gone before it is accepted",
                    "accept() on it would wait");
    }
    close(fd);
  }
  close(pidfd);
  story_.expect(found, name_ + " has a listening socket", "none could be looked at");
}

Server::Server(Story& story, std::string_view variable, Start start, const std::string& host, const std::string& port)
    : Program(story, variable, [&] {
        start.arguments.insert(start.arguments.begin(), {host, port});
        return start;
      }()) {
  first_line_ = line();
  const auto at = first_line_.rfind("port ");
  if (at != first_line_.npos) port_ = std::atoi(first_line_.c_str() + at + 5);
  story.expect(port_ > 0 && first_line_.ends_with("port " + std::to_string(port_)),
               "a first line that ends in 'port N', with the port it really listens on", "it was " + first_line_);
}

}  // namespace support
