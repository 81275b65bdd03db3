#include "running.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iterator>
#include <system_error>

namespace bench {
namespace {

volatile std::sig_atomic_t interrupted = 0;

cpu_set_t given() {
  static const cpu_set_t all = [] {
    cpu_set_t set{};
    sched_getaffinity(0, sizeof set, &set);
    return set;
  }();
  return all;
}

/// The last of those that we may use, or the one before it: the first takes most of the machine's interrupts.
cpu_set_t one_cpu(int from_the_end) {
  const cpu_set_t all = given();
  cpu_set_t one{};
  CPU_ZERO(&one);
  for (int cpu = CPU_SETSIZE - 1; cpu >= 0; --cpu) {
    if (!CPU_ISSET(cpu, &all)) continue;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    if (from_the_end-- == 0) break;
  }
  return one;
}

Pin pinned = Pin::none;  // one benchmark is one process

/// The only child of this thread: what it starts, it starts one after the other.
pid_t only_child() {
  std::ifstream file("/proc/thread-self/children");
  pid_t pid = -1;
  pid_t another = -1;
  if (!(file >> pid) || file >> another)
    throw std::runtime_error("find the process that was started among our children");
  return pid;
}

std::string first_line(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return file.eof() ? "" : line;
}

/// A line of /proc/PID/FILE such as `VmHWM:      2876 kB`, in bytes.
double from_proc(pid_t pid, const std::string& name, const std::string& field) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/" + name);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(field)) return 1024 * std::stod(line.substr(field.size()));
  throw std::runtime_error("read " + field + " of process " + std::to_string(pid) + " in /proc: it is not there");
}

std::string tail_of(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

support::Command with_output(support::Command command, const std::string& file) {
  if (!file.empty()) command.line += " >'" + file + "'";
  return command;
}

}  // namespace

void catch_interruption() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaction(number, &action, nullptr);
}

void check_interrupted() {
  if (interrupted != 0) throw Interrupted();
}

void pin_driver(Pin pin) {
  given();
  pinned = pin;
  if (pin == Pin::none) return;
  const cpu_set_t cpu = one_cpu(0);
  if (sched_setaffinity(0, sizeof cpu, &cpu) < 0)
    throw std::system_error(errno, std::system_category(), "pin the benchmark to a processor");
}

Unpinned::Unpinned() {
  const cpu_set_t all = given();
  sched_setaffinity(0, sizeof all, &all);
}

Unpinned::~Unpinned() {
  const cpu_set_t back = pinned == Pin::none ? given() : one_cpu(0);
  sched_setaffinity(0, sizeof back, &back);
}

std::string output_of(const support::Command& command, const support::Start& start,
                      std::chrono::milliseconds patience) {
  check_interrupted();
  support::Story story(patience);
  support::Program program(story, command, start);
  const auto end = Clock::now() + patience;
  while (program.running()) {
    check_interrupted();
    if (Clock::now() > end) throw std::runtime_error("it has not ended after " + std::to_string(patience / 1s) + " s");
    support::pass(2ms);
  }
  check_interrupted();  // a signal from the terminal ends us all
  std::string text = program.rest();
  const std::string ending = program.ending();
  if (ending == "status 0") return text;
  if (ending == "status 3") throw NotOffered(tail_of(program.errors()));
  const std::string said = tail_of(program.errors());
  throw std::runtime_error("ended with " + ending + (said.empty() ? "" : ": " + said));
}

Service::Service(const support::Command& command, const support::Start& start, const std::string& lines,
                 std::chrono::milliseconds patience)
    : story_(patience), program_(story_, with_output(command, lines), start) {
  check_interrupted();
  std::string line;
  try {
    if (lines.empty())
      line = program_.line("a first line that ends in 'port N'");
    else if (!story_.eventually([&] { return !program_.running() || !(line = first_line(lines)).empty(); }) ||
             line.empty())
      throw std::runtime_error("no first line came");
  } catch (const std::exception& error) {
    check_interrupted();
    support::eventually(300ms, [&] { return !program_.running(); });
    if (program_.ending() == "status 3") throw NotOffered(tail_of(program_.errors()));
    report();
  }
  const auto at = line.rfind("port ");
  if (at != line.npos) port_ = std::atoi(line.c_str() + at + 5);
  if (port_ == 0) throw std::runtime_error("its first line does not end in 'port N': " + line);
  pid_ = only_child();
  descriptors_before_ = program_.open_descriptors();
  if (pinned == Pin::apart) {
    const cpu_set_t cpu = one_cpu(1);
    sched_setaffinity(pid_, sizeof cpu, &cpu);
  }
}

std::chrono::nanoseconds Service::cpu() const {
  clockid_t clock{};
  timespec time{};
  if (const int error = clock_getcpuclockid(pid_, &clock); error != 0)
    throw std::system_error(error, std::system_category(), "clock_getcpuclockid");
  if (clock_gettime(clock, &time) < 0) throw std::system_error(errno, std::system_category(), "clock_gettime");
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

// VmRSS is counted in batches on some kernels; the sum over the mappings is exact.
double Service::resident_bytes() const { return from_proc(pid_, "smaps_rollup", "Rss:"); }

double Service::peak_bytes() const { return from_proc(pid_, "status", "VmHWM:"); }

void Service::forget_peak() const { std::ofstream("/proc/" + std::to_string(pid_) + "/clear_refs") << "5"; }

void Service::wait_for_connections(std::size_t count) {
  const auto end = Clock::now() + 10s;
  while (program_.open_descriptors() < descriptors_before_ + count) {
    check_interrupted();
    check();
    if (Clock::now() > end)
      throw std::runtime_error("it has not accepted " + std::to_string(count) + " connections within 10 s");
    support::pass(1ms);
  }
}

void Service::report() {
  std::string said = tail_of(program_.errors());
  const std::string ending = program_.ending();
  throw std::runtime_error((ending.empty() ? "does not answer" : "ended with " + ending) +
                           (said.empty() ? "" : ": " + said));
}

void Service::check() {
  if (!program_.running()) report();
}

void Service::end() {
  program_.signal(SIGTERM);
  if (!story_.eventually([&] { return !program_.running(); })) throw std::runtime_error("SIGTERM does not end it");
  if (program_.ending() != "status 0") report();
}

}  // namespace bench
