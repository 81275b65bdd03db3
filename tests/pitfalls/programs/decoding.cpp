#include "chat_server.hpp"

#include <stdexcept>

namespace {

class Decoding : public pitfalls::ChatServer {
  std::string message_from(const std::string& received) override {
    // The mistake: the bytes must be text, or else. A picture sent by accident, or one letter whose two bytes come in
    // two pieces, ends the program for everybody.
    std::string text = lesson::decode(received);
    if (text != received)
      throw std::invalid_argument("these bytes are not UTF-8: " + std::string(lesson::repr(received)));
    return text;
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Decoding>(argc, argv, "A chat that wants UTF-8 in every piece that comes.");
}
