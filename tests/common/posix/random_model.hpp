// What a selector has to do, known without a selector: for the randomized test in random.cpp.
#pragma once

#include "../facilities.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
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

/// What can be connected.
enum class Kind : std::uint8_t { unix_sockets, tcp, terminal_master, terminal_slave };

inline const char* name_of(Kind kind) {
  constexpr std::array names = {"make a Unix socket", "make a TCP socket", "make a terminal's master",
                                "make a terminal's slave"};
  return names.at(static_cast<std::size_t>(kind));
}

/// Two connected descriptors: the near one is registered, the far one stays in the test's hand.
class Line {
 public:
  Line(Kind kind, bool swapped);

  Socket near;   ///< Empty while it is in the bag. A terminal's end is no socket, but is owned as well by one.
  const int fd;  ///< Its number, wherever it is.

  [[nodiscard]] bool is_terminal() const { return kind_ == Kind::terminal_master || kind_ == Kind::terminal_slave; }

  void make_readable();

  /// True if bytes have come since settle(): the kernel shows a terminal's to poll(2) a moment before it wakes
  /// epoll(7).
  [[nodiscard]] bool is_arriving() const { return is_terminal() && arriving_; }
  void settle() { arriving_ = false; }

  void drain();
  void fill();
  void make_writable();

  /// One of the ways in which a connection ends, wholly or half.
  /// @param how 0 to 4.
  void hang_up(std::size_t how);

  /// A terminal's slave that was closed is opened again.
  void come_back();

 private:
  Line(Kind kind, std::pair<Socket, Socket> ends)
      : near(std::move(ends.first)), fd(near.fileno()), kind_(kind), far_(std::move(ends.second)) {}
  Kind kind_;
  Socket far_;
  bool arriving_ = false;
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
  short before = 0;      ///< What poll(2) said before the select,
  short after = 0;       ///< and after it: the kernel may still have been at work.
  EventMask found = {};  ///< What was ready at both times, and asked for.
  EventMask could = {};  ///< What was ready at one of them; an error or a hang-up is, whatever was asked for.

  bool is_gone() const { return line == nullptr; }

  /// What the socket in the bag has for a number.
  int fileno() const { return owned && !is_gone() ? fd : -1; }

  /// What poll(2) said before and after, as far as epoll(7) is woken for it too: not when a terminal has room again,
  /// and not at once when something comes there.
  short certain() const {
    int unsure = line != nullptr && line->is_terminal() ? POLLOUT : 0;
    if (line != nullptr && line->is_arriving()) unsure |= POLLIN;
    return static_cast<short>(before & after & ~unsure);
  }

  /// What has to be delivered when the walk comes to it now.
  EventMask due() const { return is_gone() ? EventMask() : found & events; }
};

/// All registrations, and what the walk under way has to deliver.
class Model {
 public:
  /// @param facility its name: select(2) cannot report a hang-up to who only waits to write.
  explicit Model(std::string facility) : facility_(std::move(facility)) {}

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

  /// The select has returned.
  /// @param empty true if it has found nothing.
  void end_select(bool empty);

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
    for (const auto& each : registrations)
      if (each->awaited && !each->excused)
        throw Deviation("an event was lost, of " + std::to_string(each->fd) + ", for which poll(2) said " +
                        std::to_string(each->before) + " before and " + std::to_string(each->after) +
                        " after the select");
  }

 private:
  void ask_the_kernel(short Registration::*answer) const;
  [[nodiscard]] EventMask certain(short ready) const;
  [[nodiscard]] EventMask possible(short ready) const;

  std::string facility_;
  std::uint64_t turn_ = 0;
};

}  // namespace random_test
