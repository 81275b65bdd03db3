// Puts a chat on one or more nodes under load, and prints the results as one line of JSON. It is not part of the
// lesson: ./learn nodes --bench runs it.
#include <selectors/selectors.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

using namespace selectors;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t size = 64;          // bytes of a message
constexpr std::uint64_t on_the_way = 16;  // how many messages may not be heard by all yet

struct Member {
  std::uint64_t said = 0;   // messages
  std::uint64_t heard = 0;  // bytes
};

/// Members on all nodes. The first member of each node speaks, in turn.
class Load {
 public:
  Load(const std::vector<std::uint16_t>& ports, std::size_t members) : nodes_(ports.size()), each_(members) {
    for (const auto port : ports)
      for (std::size_t i = 0; i < members; ++i) {
        const Address address("127.0.0.1", port);
        Socket socket(address.family());
        socket.connect(address);
        socket.set_no_delay();
        socket.setblocking(false);
        sockets_.push_back(selector_.register_(std::move(socket), EVENT_READ, members_.size()).fd);
        members_.emplace_back();
      }
  }

  /// Says one message at a time, and waits until all have heard it.
  void warm_up(std::uint64_t messages) {
    for (std::uint64_t i = 0; i < messages; ++i) {
      speak();
      wait_for_all();
    }
  }

  /// Says one message at a time on the first node, and measures until a member of the last node has heard it.
  std::vector<double> latencies(std::size_t count) {
    std::vector<double> times;
    const std::size_t listener = members_.size() - 1;
    while (times.size() < count) {
      const auto start = Clock::now();
      say(0);
      while (is_behind(listener)) hear();
      times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
      wait_for_all();
    }
    std::sort(times.begin(), times.end());
    return times;
  }

  /// Says as many messages as can be heard in this time.
  /// @return deliveries: each message once for each member that has heard it.
  std::uint64_t speak_for(std::chrono::milliseconds length) {
    const auto before = heard();
    for (const auto end = Clock::now() + length; Clock::now() < end; hear())
      while (said_ - heard_by_all() < on_the_way) speak();
    wait_for_all();
    return heard() - before;
  }

  [[nodiscard]] std::uint64_t said() const { return said_; }

 private:
  void speak() { say(said_ % nodes_ * each_); }

  void say(std::size_t member) {
    static const std::string message = std::string(size - 1, 'x') + '\n';
    if (selector_.get_key(sockets_[member]).fileobj.send(message) != size)
      throw std::runtime_error("a speaker's node takes no more");
    ++members_[member].said;
    ++said_;
  }

  void hear() {
    static std::array<char, 65536> buffer;
    const auto ready = selector_.select(10s);
    if (ready.empty()) throw std::runtime_error("nothing is heard for ten seconds");
    for (const auto& [key, mask] : ready)
      if (const auto data = key.fileobj.recv_into(buffer)) {
        if (data->empty()) throw std::runtime_error("a node has dropped a member");
        members_[key.data].heard += data->size();
      }
  }

  [[nodiscard]] std::uint64_t left(const Member& member) const { return said_ - member.said - member.heard / size; }
  [[nodiscard]] bool is_behind(std::size_t member) const { return left(members_[member]) > 0; }

  [[nodiscard]] std::uint64_t heard_by_all() const {
    std::uint64_t most = 0;
    for (const Member& member : members_) most = std::max(most, left(member));
    return said_ - most;
  }

  void wait_for_all() {
    while (heard_by_all() < said_) hear();
  }

  [[nodiscard]] std::uint64_t heard() const {
    std::uint64_t sum = 0;
    for (const Member& member : members_) sum += member.heard / size;
    return sum;
  }

  DefaultSelector<std::size_t> selector_;
  std::size_t nodes_;
  std::size_t each_;
  std::vector<Member> members_;
  std::vector<int> sockets_;
  std::uint64_t said_ = 0;
};

template <class Number>
Number number_in(std::string_view text) {
  Number number{};
  if (std::from_chars(text.data(), text.data() + text.size(), number).ptr != text.data() + text.size())
    throw std::invalid_argument("'" + std::string(text) + "' is not a number");
  return number;
}

/// Prints the state, and waits for a line.
void go_on_after(const char* state) {
  std::cout << state << std::endl;
  std::string line;
  std::getline(std::cin, line);
}

void measure(const std::vector<std::string_view>& words) {
  if (words.size() < 3) throw std::invalid_argument("usage: chat-load MEMBERS MILLISECONDS PORT...");
  std::vector<std::uint16_t> ports;
  for (std::size_t i = 2; i < words.size(); ++i) ports.push_back(number_in<std::uint16_t>(words[i]));
  Load load(ports, number_in<std::size_t>(words[0]));
  go_on_after("connected");  // by then the nodes have accepted all
  load.warm_up(20);
  const auto latencies = load.latencies(500);
  go_on_after("ready");  // from here to the last line, the nodes' CPU time is measured
  const auto start = Clock::now();
  const auto said = load.said();
  const auto deliveries = load.speak_for(std::chrono::milliseconds(number_in<int>(words[1])));
  const std::chrono::duration<double> seconds = Clock::now() - start;
  std::cout << "{\"seconds\": " << seconds.count() << ", \"messages\": " << load.said() - said
            << ", \"deliveries\": " << deliveries << ", \"median_us\": " << latencies[latencies.size() / 2]
            << ", \"p99_us\": " << latencies[latencies.size() * 99 / 100] << "}" << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    measure({argv + std::min(argc, 1), argv + argc});
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "chat-load: " << error.what() << '\n';
    return 1;
  }
}
