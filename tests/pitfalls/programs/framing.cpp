#include "chat_server.hpp"

namespace {

class Framing : public pitfalls::ChatServer {
  std::string message_from(const std::string& received) override {
    // The mistake: the bytes from one recv() are taken for one message. TCP carries a stream: two messages may arrive
    // together, and one may arrive in pieces.
    std::string message = received;
    if (message.ends_with('\n')) message.pop_back();
    return message + '\n';
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Framing>(argc, argv, "A chat that takes each piece that arrives for a line.");
}
