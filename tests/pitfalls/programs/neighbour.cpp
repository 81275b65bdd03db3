#include "chat_server.hpp"

namespace {

class Neighbour : public pitfalls::ChatServer {
  void turn() override {
    // The mistake: what was ready is kept as numbers. Who is served first may close somebody whose number is still in
    // the list; then it means nobody, or worse, whoever was given that number since.
    std::vector<std::pair<int, selectors::EventMask>> ready;
    for (const auto& [key, mask] : selector.select()) ready.emplace_back(key.fd, mask);
    for (const auto& [fd, mask] : ready) dispatch(selector.get_key(fd), mask);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Neighbour>(argc, argv, "A chat that closes members whose events it still holds.");
}
