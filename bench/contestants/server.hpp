/// What the servers share: how they listen, and how they keep connections.
#pragma once

#include "sockets.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// Listens on 127.0.0.1, on a free port, which the first line of output contains. Accepted sockets send at once.
Descriptor listen_on_loopback();

/// Accepts a waiting connection, non-blocking. Returns an empty descriptor if there is none.
Descriptor accept_one(const Descriptor& listener);

/// What a server does with the bytes of a connection: send them back, or send them to all the others.
enum class Service : std::uint8_t { echo, chat };

/// The size of the buffer into which everything is read. It is lent for the duration of a callback.
constexpr std::size_t lent_size = 65'536;

/// A connection of the servers that buffer unsent bytes themselves.
struct Connection {
  explicit Connection(Descriptor accepted) : socket(std::move(accepted)) {}

  /// Receives what is there into the lent buffer; returns an empty view if there is nothing. Remembers the end of
  /// input; a reset counts as the end too.
  std::string_view receive(std::vector<char>& lent);

  /// Sends at once, and keeps what the kernel does not take.
  void send(std::string_view bytes);

  /// Sends as much of the rest as the kernel takes now.
  void send_rest() { send(std::exchange(rest, {})); }

  /// Returns true if the server reads from it: an echo server stops reading from a client that does not take its
  /// answers.
  [[nodiscard]] bool is_read_from(Service service) const {
    return !ended && (service == Service::chat || rest.empty());
  }

  /// Returns true if there is nothing left to read or send.
  [[nodiscard]] bool finished() const { return ended && rest.empty(); }

  Descriptor socket;
  bool ended = false;
  std::size_t place = 0;  // in the crew
  std::string rest;
};

/// The connections of a server, which it owns, side by side in memory, so that sending to all of them is fast.
template <class Pointer>
class Crew {
 public:
  using Member = typename Pointer::element_type;

  Member& add(Pointer member) {
    member->place = members_.size();
    return *members_.emplace_back(std::move(member));
  }

  void remove(Member& member) {
    const std::size_t place = member.place;
    members_.back()->place = place;
    members_[place].swap(members_.back());
    members_.pop_back();
  }

  [[nodiscard]] auto begin() const { return members_.begin(); }
  [[nodiscard]] auto end() const { return members_.end(); }

 private:
  std::vector<Pointer> members_;
};

}  // namespace bench
