// Measures one row of the scoreboard on one server, and prints the figure as a line of JSON: `./learn reliability`
// calls it.
#include "row.hpp"

#include "support/story.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <iostream>
#include <stdexcept>

namespace reliability {

std::vector<Row> all_rows() {
  return {injected_errno(),   signal_storm(),   idle(),        out_of_descriptors(),
          resets(),           bytes_in_order(), deaf_member(), flood(),
          many_connections(), churn(),          random_input()};
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), 1, ',');
  return text;
}

std::string decimal(double value, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

namespace {

/// Whatever goes wrong in measuring is a figure too.
Figure measured(const Row& row, const Subject& subject, const Scale& scale) {
  try {
    return row.measure(subject, scale);
  } catch (const support::Failed& failed) {
    return {failed.instead()};
  } catch (const std::exception& error) {
    return {error.what()};
  }
}

const char* name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "met";
    case Verdict::missed:
      return "missed";
    case Verdict::not_applicable:
      return "not applicable";
    case Verdict::not_measured:
      return "not measured";
  }
  return "";
}

/// A text as JSON has it. What a server has said may be any bytes.
std::string quoted(const std::string& text) {
  std::string safe = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') safe += '\\';
    safe += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return safe + '"';
}

void describe_rows() {
  for (const auto& row : all_rows())
    std::cout << R"({"name": )" << quoted(row.name) << R"(, "what": )" << quoted(row.what) << R"(, "target": )"
              << quoted(row.target) << R"(, "at_once": )" << row.at_once << R"(, "costly": )"
              << (row.costly ? "true" : "false") << "}\n";
}

void measure(const std::vector<std::string>& words) {
  if (words.size() < 7)
    throw std::invalid_argument(
        "usage: reliability rows | ROW full|short echo|chat NAME COMMAND FACILITY ends|stays ARGUMENT...");
  const auto rows = all_rows();
  const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& one) { return one.name == words[0]; });
  if (row == rows.end()) throw std::invalid_argument("there is no row '" + words[0] + "'");
  const Subject subject{.name = words[3],
                        .kind = words[2] == "chat" ? Kind::chat : Kind::echo,
                        .command = support::Command(words[3], words[4]),
                        .facility = words[5],
                        .arguments = {words.begin() + 7, words.end()},
                        .ends_with_first_client = words[6] == "ends"};
  const Figure figure = measured(*row, subject, {.full = words[1] == "full"});
  std::cout << R"({"verdict": ")" << name_of(figure.verdict) << R"(", "text": )" << quoted(figure.text) << "}\n";
}

}  // namespace
}  // namespace reliability

int main(int argc, char** argv) {
  try {
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words == std::vector<std::string>{"rows"})
      reliability::describe_rows();
    else
      reliability::measure(words);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "reliability: " << error.what() << '\n';
    return 2;
  }
}
