// Puts a server under load and prints what that cost: `load echo port=4711 pid=42 connections=50 bytes=64 …`.
#include "load.hpp"

#include <charconv>
#include <csignal>
#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>

namespace load {

Asked::Asked(int count, char** words) {
  for (int i = 0; i < count; ++i) {
    const std::string word = words[i];
    const auto equals = word.find('=');
    const char* const end = word.data() + word.size();
    std::uint64_t value = 0;
    if (equals == std::string::npos || std::from_chars(word.data() + equals + 1, end, value).ptr != end)
      throw std::invalid_argument("'" + word + "' must have the form NAME=NUMBER");
    values_[word.substr(0, equals)] = value;
  }
}

std::uint64_t Asked::operator[](const std::string& name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) throw std::invalid_argument(name + "=NUMBER is missing");
  return found->second;
}

std::string as_json(const std::vector<std::pair<const char*, double>>& figures, const std::vector<double>& latencies) {
  std::ostringstream line;
  line.precision(10);
  line << '{';
  for (const auto& [name, value] : figures) line << '"' << name << "\": " << value << ", ";
  line << "\"latencies_us\": [";
  for (std::size_t i = 0; i < latencies.size(); ++i) line << (i == 0 ? "" : ",") << latencies[i];
  line << "]}";
  return line.str();
}

}  // namespace load

int main(int argc, char** argv) {
  try {
    std::signal(SIGPIPE, SIG_IGN);
    const std::string what = argc > 1 ? argv[1] : "";
    if (what != "echo" && what != "chat") throw std::invalid_argument("usage: load echo|chat NAME=NUMBER...");
    const load::Asked asked(argc - 2, argv + 2);
    load::Server server(static_cast<int>(asked["port"]), static_cast<pid_t>(asked["pid"]));
    std::cout << (what == "echo" ? load::echo(server, asked) : load::chat(server, asked)) << '\n';
    return 0;
  } catch (const std::invalid_argument& error) {
    std::cerr << "load: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
