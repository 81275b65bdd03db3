// A member of the chat: its side of the conversation, and the events that TLS waits for on its connection.
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
  std::string name = {};                      // from its certificate; empty until the handshake is done
  std::string inbox = {};                     // what it has said since its last newline
  std::string outbox = {};                    // what the others said, still to be sent to this one
  EventMask reading = selectors::EVENT_READ;  // what TLS waits for to read; it may be EVENT_WRITE
  EventMask writing = {};                     // what it waits for to write; empty if there is nothing to write
  bool leaving = false;                       // it has said goodbye; its outbox is still sent
  static constexpr std::size_t longest_line = 4096, limit = 1'048'576;

  //! [read]
  // Reads what has come. A part of it may wait inside the library, where no selector can see it while the socket is
  // silent.
  tls::Result read(selectors::Socket& conn) {
    static std::array<char, 4096> buffer;  // lent to each member in turn
    tls::Result result;
    do {
      result = tls.read(conn, buffer);
      inbox.append(buffer.data(), result.size);
    } while (result.state == tls::State::done && tls.pending() > 0);
    reading = result.state == tls::State::waits ? result.wants : selectors::EVENT_READ;
    leaving = result.state == tls::State::ended;
    if (leaving && !inbox.empty()) inbox += '\n';  // the last line is complete; after a cut connection it might not be
    return result;
  }
  //! [read]

  // Returns the next whole line, without its newline: a member that could smuggle in a newline could speak in another
  // name.
  std::optional<std::string> next_line() {
    const auto end = inbox.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string line = inbox.substr(0, end);
    inbox.erase(0, end + 1);
    return line;
  }

  //! [write]
  // Sends as much of the outbox as possible, and at the very end our goodbye. The result is `ended` when that is sent
  // too.
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
