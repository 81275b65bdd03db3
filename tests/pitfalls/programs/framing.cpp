#include "chat_server.hpp"

namespace {

class Framing : public pitfalls::ChatServer {
  std::string message_from(const std::string& received) override {
    // The mistake: what one recv() brought is taken for one message. TCP carries a stream: two messages may come
    // together and one may come in pieces, as the network pleases.
    std::string message = received;
    if (message.ends_with('\n')) message.pop_back();
    return message + '\n';
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Framing>(argc, argv, "A chat that takes each piece that comes for a line.");
}
