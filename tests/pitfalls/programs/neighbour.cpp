#include "chat_server.hpp"

namespace {

class Neighbour : public pitfalls::ChatServer {
  void turn() override {
    // The mistake: what was ready is kept as numbers. Serving the first client may close another one whose number is
    // still in the list. Then the number means nobody or, worse, a new client that has been given it since.
    std::vector<std::pair<int, selectors::EventMask>> ready;
    for (const auto& [key, mask] : selector.select()) ready.emplace_back(key.fd, mask);
    for (const auto& [fd, mask] : ready) dispatch(selector.get_key(fd), mask);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Neighbour>(argc, argv, "A chat that closes members whose events are still to come.");
}
