#include "chat_server.hpp"

#include <stdexcept>

namespace {

class Decoding : public pitfalls::ChatServer {
  std::string message_from(const std::string& received) override {
    // The mistake: bytes that are not text end the program for everybody. It takes only a picture sent by accident, or
    // one letter whose two bytes arrive in two pieces.
    std::string text = lesson::decode(received);
    if (text != received)
      throw std::invalid_argument("these bytes are not UTF-8: " + std::string(lesson::repr(received)));
    return text;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Decoding>(argc, argv, "A chat that demands UTF-8 in every piece that arrives.");
}
