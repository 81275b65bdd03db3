// The smallest chat server, which the gallery's programs start from: it sends what one client says to all the others.
#pragma once

#include "echo_server.hpp"

#include <vector>

namespace pitfalls {

class ChatServer : public EchoServer {
 protected:
  /// The message to the others, made from what was received.
  virtual std::string message_from(const std::string& received) { return received; }

  void service(const Selector::Key& key, EventMask mask) override {
    if (!(mask & EVENT_READ)) return flush(key);
    const auto received = key.fileobj.recv(1024);
    if (!received) return;
    if (received->empty()) return close(key);
    broadcast(message_from(*received), key.fd);
  }

  void broadcast(const std::string& message, int sender) {
    for (const int fd : members()) {
      if (fd == sender) continue;
      const auto key = selector.get_key(fd);
      key.data->outb += message;
      guarded_flush(key);
    }
  }

  [[nodiscard]] std::vector<int> members() {
    std::vector<int> numbers;
    for (const auto& key : selector.get_map())
      if (key.data) numbers.push_back(key.fd);
    return numbers;
  }

 private:
  void guarded_flush(const Selector::Key& key) {
    try {
      flush(key);
    } catch (const ConnectionError&) {
      close(key);
    }
  }
};

}  // namespace pitfalls
