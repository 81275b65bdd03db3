#include "echo_server.hpp"

#include <sys/socket.h>

#include <csignal>

namespace {

class Sigpipe : public pitfalls::EchoServer {
 public:
  // The default in every C and C++ program; the lessons' programs ignore the signal for their own output.
  Sigpipe() { std::signal(SIGPIPE, SIG_DFL); }

 private:
  void service(const Selector::Key& key, selectors::EventMask) override {
    const auto data = key.fileobj.recv(1024);
    if (!data) return;
    if (data->empty()) return close(key);
    // The mistake: no MSG_NOSIGNAL, and the default action for SIGPIPE. If the client is gone, the call does not fail;
    // it ends the process, without a word. Python ignores the signal for its programs; a port to C or C++ must take
    // care of it.
    if (::send(key.fd, data->data(), data->size(), 0) < 0) return close(key);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<Sigpipe>(argc, argv, "Echoes, and is not prepared for SIGPIPE.");
}
