#include "process.hpp"

#include "descriptor.hpp"
#include "measures.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <system_error>

namespace support {
namespace {

const std::map<std::string_view, const char*> lessons = {
    {"BLOCKING_ACCEPT", "01-blocking-accept/blocking-accept"},
    {"SELECTOR_ACCEPT", "02-selector-accept/selector-accept"},
    {"CALLBACKS", "03-callbacks/callbacks"},
    {"ECHO_SERVER", "04-echo-server/echo-server"},
    {"ECHO_CLIENT", "05-echo-client/echo-client"},
    {"MULTICONN_SERVER", "06-multiconn/multiconn-server"},
    {"MULTICONN_CLIENT", "06-multiconn/multiconn-client"},
    {"CALLBACK_SERVER", "06-multiconn/callback-server"},
    {"ECHO_COROUTINES", "beyond/coroutines/echo-coroutines"},
    {"CHAT_SERVER", "07-chat/chat-server"},
    {"CHAT_CLIENT", "07-chat/chat-client"},
    {"TLS_CHAT_SERVER", "beyond/tls/tls-chat-server"},
    {"TLS_CHAT_CLIENT", "beyond/tls/tls-chat-client"},
    {"CHAT_NODE", "beyond/machines/chat-node"},
    {"TALK", "talk"},
};

void make_pipe(int& read_end, int& write_end) {
  std::array<int, 2> fds{};
  if (pipe(fds.data()) < 0) throw std::system_error(errno, std::system_category(), "pipe");
  read_end = not_inherited(fds[0]);
  write_end = not_inherited(fds[1]);
}

#ifdef F_SETPIPE_SZ
void make_small(int pipe) { fcntl(pipe, F_SETPIPE_SZ, 4096); }
#else
void make_small(int) {}  // nobody can
#endif

/// In the child, until exec: nothing here may allocate much or throw.
void prepare(const Start& start) {
  // The tests may run in the background of a script, which ignores SIGINT.
  for (const int number : {SIGPIPE, SIGINT, SIGTERM}) std::signal(number, SIG_DFL);
  // AddressSanitizer keeps freed memory for a while, which would hide how much a program itself holds.
  setenv("ASAN_OPTIONS", "quarantine_size_mb=1", 0);
  for (const auto& variable : start.environment) putenv(const_cast<char*>(variable.c_str()));
  // A command line names files from where it was typed; CTest runs the tests somewhere else.
  if (const char* const typed_in = std::getenv("PWD"); typed_in == nullptr || chdir(typed_in) < 0) chdir(COURSE_DIR);
  if (start.descriptor_limit > 0) {
    const auto count = static_cast<rlim_t>(start.descriptor_limit);
    const rlimit limit{count, count};
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

/// By env, so that the shell which starts the program is spared. AddressSanitizer wants to be the first otherwise.
std::string preloading(const Start& start) {
  if (start.preload.empty()) return "";
  return " env LD_PRELOAD='" + start.preload + "' ASAN_OPTIONS=verify_asan_link_order=0";
}

}  // namespace

Command::Command(std::string_view variable)
    : name(std::filesystem::path(lessons.at(variable)).filename()),
      line("'" LESSONS_DIR "/" + std::string(lessons.at(variable)) + "'") {
  if (const char* const own = std::getenv(std::string(variable).c_str()); own != nullptr && *own != '\0') line = own;
}

bool can_trace() {
  static const bool there = std::system("strace -qq -o /dev/null true >/dev/null 2>&1") == 0;
  return there;
}

Started start_process(const Command& command, const Start& start) {
  std::signal(SIGPIPE, SIG_IGN);
  Started started{-1, -1, -1, -1, -1};
  int in = -1;
  int out = -1;
  int err = -1;
  if (start.input.empty())
    make_pipe(in, started.in);
  else
    in = open(start.input.c_str(), O_RDONLY | O_CLOEXEC);
  make_pipe(started.out, out);
  make_pipe(started.err, err);
  if (start.unread_errors) make_small(err);
  if (started.in >= 0) fcntl(started.in, F_SETFL, O_NONBLOCK);
  // exec in the shell: the process that we signal and measure is the program itself
  const std::string script = "exec " + start.under + preloading(start) + ' ' + command.line + " \"$@\"";
  std::vector<const char*> argv = {"sh", "-c", script.c_str(), "sh"};
  for (const auto& argument : start.arguments) argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  started.pid = fork();
  if (started.pid == 0) {
    dup2(in, 0);
    dup2(out, 1);
    dup2(err, 2);
    prepare(start);
    execv("/bin/sh", const_cast<char* const*>(argv.data()));
    _exit(127);
  }
  for (const int fd : {in, out, err}) close(fd);
  started.end = watch_end(started.pid);
  return started;
}

std::string how_it_ends(int status) { return (WIFSIGNALED(status) ? "is " : "ends with ") + exit_text(status); }

std::string how_it_ended(int status) { return (WIFSIGNALED(status) ? "was " : "ended with ") + exit_text(status); }

std::string exit_text(int status) {
  if (WIFSIGNALED(status)) return "killed by signal " + std::to_string(WTERMSIG(status));
  return "status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace support
