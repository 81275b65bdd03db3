// What a selector has to do, known without a selector: for the randomized test in random.cpp.
#pragma once

#include "facilities.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace random_test {

/// The selector did something that the model forbids.
class Deviation : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void require(bool condition, const char* otherwise) {
  if (!condition) throw Deviation(otherwise);
}

/// The data beside each descriptor. A use after its end shows without a sanitizer too, unless its memory has got a new
/// owner; volatile, because a compiler may leave out what is written to an object that ends.
class Token {
 public:
  explicit Token(std::uint64_t number) : number_(number) { ++living; }
  Token(Token&& other) noexcept : number_(other.number_) {
    other.number_ = 0;
    ++living;
  }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;
  Token& operator=(Token&&) = delete;
  ~Token() {
    number_ = 0;
    --living;
  }

  /// The number it was made with; 0 after its end.
  std::uint64_t number() const { return number_; }

  /// How many there are.
  inline static std::size_t living = 0;

 private:
  volatile std::uint64_t number_;
};

/// Two connected sockets: the near one is registered, the far one stays in the test's hand.
class Line {
 public:
  Line(Socket near_end, Socket far_end) : near(std::move(near_end)), fd(near.fileno()), far_(std::move(far_end)) {}

  Socket near;   ///< Empty while it is in the bag.
  const int fd;  ///< Its number, wherever it is.

  /// What is ready on the near one.
  EventMask ready() const {
    return (unread_ > 0 || hung_up() ? EVENT_READ : EventMask()) | (!full_ || hung_up() ? EVENT_WRITE : EventMask());
  }

  /// True if the peer has closed.
  bool hung_up() const { return far_.fileno() < 0; }

  void make_readable();
  void drain();
  void fill();
  void make_writable();
  void hang_up() { far_.close(); }

 private:
  Socket far_;
  std::size_t unread_ = 0;  // bytes on their way to the near one
  bool full_ = false;       // the near one has sent until no more was taken
};

/// One registration. The same socket registered again is another one.
struct Registration {
  int fd;
  EventMask events;
  std::uint64_t token;         ///< The number of its data.
  bool owned;                  ///< The socket was moved in; else the number is only watched.
  const Socket* fileobj;       ///< Where the bag has it.
  std::unique_ptr<Line> line;  ///< Null once the socket was closed or moved out in its place.

  // What the last select found, for as long as its walk lasts.
  bool awaited = false;  ///< Not delivered yet.
  bool excused = false;  ///< At some point of the walk nothing was to be delivered: it may have been passed over then.
  EventMask found = {};  ///< What was ready and asked for.
  EventMask could = {};  ///< Besides: a hang-up may count as both events, whatever was asked for.

  bool is_gone() const { return line == nullptr; }

  /// What the socket in the bag has for a number.
  int fileno() const { return owned && !is_gone() ? fd : -1; }

  /// What has to be delivered when the walk comes to it now.
  EventMask due() const { return is_gone() ? EventMask() : found & events; }
};

/// All registrations, and what the walk under way has to deliver.
class Model {
 public:
  std::vector<std::unique_ptr<Registration>> registrations;

  /// The registration of a number, or null.
  Registration* at(int fd) const {
    for (const auto& registration : registrations)
      if (registration->fd == fd) return registration.get();
    return nullptr;
  }

  void remove(const Registration& gone) {
    std::erase_if(registrations, [&](const auto& each) { return each.get() == &gone; });
  }

  /// A select begins, and thereby ends the walk of the one before.
  /// @return whether it has to find anything.
  bool begin_select();

  /// Which select was the last; closing the selector counts as one.
  std::uint64_t turn() const { return turn_; }
  void end_turn() { ++turn_; }

  /// The walk is about to move on.
  void move_on() {
    for (const auto& each : registrations) each->excused |= !each->due();
  }

  /// The walk has come to this.
  void deliver(int fd, std::uint64_t token, EventMask mask);

  /// The walk has come to its end.
  void end_walk() const {
    for (const auto& each : registrations) require(!each->awaited || each->excused, "an event was lost");
  }

 private:
  std::uint64_t turn_ = 0;
};

}  // namespace random_test
