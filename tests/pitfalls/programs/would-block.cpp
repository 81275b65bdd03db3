#include "echo_server.hpp"

#include <system_error>

namespace {

class WouldBlock : public pitfalls::EchoServer {
  /// What `sendall()` does in Python on a socket that does not block.
  static void send_all(selectors::Socket& sock, std::string_view rest) {
    while (!rest.empty()) {
      const std::size_t sent = sock.send(rest);
      // The mistake: "not now" is treated as an error, although it only means that the client is slower than we are.
      if (sent == 0) throw std::system_error(std::make_error_code(std::errc::operation_would_block), "send");
      rest.remove_prefix(sent);
    }
  }

  void service(const Selector::Key& key, selectors::EventMask) override {
    const auto data = key.fileobj.recv(1024);
    if (!data) return;
    if (data->empty()) return close(key);
    send_all(key.fileobj, *data);
  }
};

}  // namespace

int main(int argc, char** argv) {
  return pitfalls::run<WouldBlock>(argc, argv, "Echoes with a send-all, and treats 'would block' as an error.");
}
