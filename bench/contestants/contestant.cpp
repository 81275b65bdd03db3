#include "contestant.hpp"

#include <sys/resource.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <limits>
#include <stdexcept>
#include <vector>

namespace bench {

void fail(std::string_view what) {
  const int error = errno;
  std::cerr << contestant.name << ": " << what << ": " << std::strerror(error) << '\n';
  std::exit(1);
}

namespace {

struct BadArguments : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct NotOffered : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void raise_descriptor_limit() {
  rlimit limit{};
  checked(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit of the open descriptors");
  limit.rlim_cur = limit.rlim_max;
  checked(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit of the open descriptors");
}

long number(const std::string& text, const char* name, long most) {
  long value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < 1 || value > most)
    throw BadArguments(std::string(name) + " is '" + text + "', but has to be a number from 1 to " +
                       std::to_string(most));
  return value;
}

constexpr long most_descriptors = 1'000'000;
constexpr long most_turns = std::numeric_limits<long>::max() / most_descriptors;

template <class Workload>
Workload offered(Workload workload, const std::string& name) {
  if (workload == nullptr) throw NotOffered("does not offer '" + name + "'");
  return workload;
}

void expect(const std::vector<std::string>& arguments, std::size_t count, const char* usage) {
  if (arguments.size() != count) throw BadArguments(std::string("usage: ") + contestant.name + " " + usage);
}

void run_hot(Measured (*workload)(const Load&), const std::vector<std::string>& arguments) {
  expect(arguments, 4, "hot|dispatch|hot-typed DESCRIPTORS ACTIVE TURNS");
  const auto descriptors = number(arguments[1], "DESCRIPTORS", most_descriptors);
  const auto active = number(arguments[2], "ACTIVE", descriptors);
  const auto [ns, events] = workload({.descriptors = static_cast<int>(descriptors),
                                      .active = static_cast<int>(active),
                                      .turns = number(arguments[3], "TURNS", most_turns)});
  std::cout << "ns " << ns << "\nevents " << events << '\n';
}

void run_ctl(Phases (*workload)(int, long), const std::vector<std::string>& arguments) {
  expect(arguments, 3, "ctl DESCRIPTORS TURNS");
  const auto [registering, modifying, unregistering] =
      workload(static_cast<int>(number(arguments[1], "DESCRIPTORS", most_descriptors)),
               number(arguments[2], "TURNS", most_turns));
  std::cout << "register " << registering << "\nmodify " << modifying << "\nunregister " << unregistering << '\n';
}

void run_memory(double (*workload)(int), const std::vector<std::string>& arguments) {
  expect(arguments, 2, "memory DESCRIPTORS");
  std::cout << "bytes " << workload(static_cast<int>(number(arguments[1], "DESCRIPTORS", most_descriptors))) << '\n';
}

void run_server(void (*workload)(), const std::vector<std::string>& arguments) {
  expect(arguments, 1, "echo|echo-with-lines|chat");
  workload();
}

void run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw BadArguments(std::string("usage: ") + contestant.name + " WORKLOAD ...");
  raise_descriptor_limit();
  const std::string& name = arguments.front();
  if (name == "about") {
    expect(arguments, 1, "about");
    std::cout << contestant.about() << '\n';
  } else if (name == "hot") {
    run_hot(offered(contestant.hot, name), arguments);
  } else if (name == "dispatch") {
    run_hot(offered(contestant.dispatch, name), arguments);
  } else if (name == "hot-typed") {
    run_hot(offered(contestant.hot_typed, name), arguments);
  } else if (name == "ctl") {
    run_ctl(offered(contestant.ctl, name), arguments);
  } else if (name == "memory") {
    run_memory(offered(contestant.memory, name), arguments);
  } else if (name == "echo") {
    run_server(offered(contestant.echo, name), arguments);
  } else if (name == "echo-with-lines") {
    run_server(offered(contestant.echo_with_lines, name), arguments);
  } else if (name == "chat") {
    run_server(offered(contestant.chat, name), arguments);
  } else {
    throw NotOffered("does not offer '" + name + "'");
  }
}

int run_and_report(int argc, char** argv) {
  try {
    std::signal(SIGPIPE, SIG_IGN);
    run({argv + 1, argv + argc});
    return 0;
  } catch (const BadArguments& error) {
    std::cerr << contestant.name << ": " << error.what() << '\n';
    return 2;
  } catch (const NotOffered& error) {
    std::cerr << contestant.name << ' ' << error.what() << '\n';
    return 3;
  } catch (const std::exception& error) {
    std::cerr << contestant.name << ": " << error.what() << '\n';
    return 1;
  }
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) { return bench::run_and_report(argc, argv); }
