// A member of the chat: its side of the conversation, and what TLS waits for on its connection.
#pragma once

#include "tls.hpp"

#include <lesson/terminal.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string>

struct Member {
  using Clock = std::chrono::steady_clock;
  using EventMask = selectors::EventMask;

  selectors::Address addr;
  tls::Session tls;
  Clock::time_point deadline;                 // of its handshake
  std::string name = {};                      // its certificate's; empty until the handshake is done
  std::string inbox = {};                     // what it said since its last newline
  std::string outbox = {};                    // what the others said, still to be sent to this one
  EventMask reading = selectors::EVENT_READ;  // what TLS waits for so that it can read: it may be EVENT_WRITE
  EventMask writing = {};                     // and so that it can write; nothing, if there is nothing to write
  bool leaving = false;                       // it has said goodbye; what is in its outbox still goes out
  static constexpr std::size_t longest_line = 4096, limit = 1'048'576;

  //! [read]
  // Takes what came. Part of it may wait inside the library, while the socket is silent and no selector sees anything.
  tls::Result read(selectors::Socket& conn) {
    static std::array<char, 4096> buffer;  // lent to each member in turn
    tls::Result result;
    do {
      result = tls.read(conn, buffer);
      inbox.append(buffer.data(), result.size);
    } while (result.state == tls::State::done && tls.pending() > 0);
    reading = result.state == tls::State::waits ? result.wants : selectors::EVENT_READ;
    leaving = result.state == tls::State::ended;
    if (leaving && !inbox.empty()) inbox += '\n';  // this was all; after a connection that was cut, who knows?
    return result;
  }
  //! [read]

  // The next whole line, without its newline: one who could smuggle one in could speak in the name of another.
  std::optional<std::string> next_line() {
    const auto end = inbox.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line = inbox.substr(0, end);
    inbox.erase(0, end + 1);
    return line;
  }

  //! [write]
  // Sends what it takes, and at the very end our goodbye. `ended` when that is out, too.
  tls::Result write(selectors::Socket& conn) {
    auto result = tls.write(conn, outbox);
    if (result.state == tls::State::done && leaving) {
      result = tls.say_goodbye(conn);
      if (result.state == tls::State::done) result.state = tls::State::ended;
    }
    writing = result.wants;
    return result;
  }
  //! [write]

  EventMask wanted() const { return leaving ? writing : reading | writing; }
};
