/// What the servers share: where they listen, and how connections are kept.
#pragma once

#include "sockets.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// Listens on 127.0.0.1, on a free port that the first line of output tells. Accepted sockets send at once.
Descriptor listen_on_loopback();

/// A waiting connection, non-blocking; one without a number if there is none.
Descriptor accept_one(const Descriptor& listener);

/// What is done with what a connection has sent: back to it, or on to all the others.
enum class Service : std::uint8_t { echo, chat };

/// All that is ever read is read into a buffer of this size, which is lent for as long as a callback lasts.
constexpr std::size_t lent_size = 65'536;

/// A connection of the servers that look after their bytes themselves.
struct Connection {
  explicit Connection(Descriptor accepted) : socket(std::move(accepted)) {}

  /// What is there, in the buffer that is lent; nothing if nothing is. Remembers the end, and takes a reset for one.
  std::string_view receive(std::vector<char>& lent);

  /// Sends at once, and keeps what the kernel refuses.
  void send(std::string_view bytes);

  /// Sends of what was refused as much as the kernel takes now.
  void send_rest() { send(std::exchange(rest, {})); }

  /// An echo server reads no more from who does not take its answers.
  [[nodiscard]] bool is_read_from(Service service) const {
    return !ended && (service == Service::chat || rest.empty());
  }

  /// True if nothing more can come of it.
  [[nodiscard]] bool finished() const { return ended && rest.empty(); }

  Descriptor socket;
  bool ended = false;
  std::size_t place = 0;  // in the crew
  std::string rest;
};

/// The connections of a server, owned one after the other in memory, so that what one says is told to all others fast.
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
