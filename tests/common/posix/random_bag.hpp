// A selector and the model of it: everything that the randomized test does is done to both, and the answers compared.
#pragma once

#include "random_model.hpp"
#include "random_script.hpp"

#include <unistd.h>

#include <iterator>
#include <list>
#include <tuple>

namespace random_test {

template <class Selector>
class Bag {
 public:
  explicit Bag(Script& script) : script_(script) {}

  Model model{Selector().name()};

  /// Empty once it was closed, until reopen().
  Selector& selector() { return *selector_; }

  bool is_closed() const { return closed_; }

  /// A new socket, or one that has been in the bag before, is registered.
  void add() {
    if (hand_.empty() || script_.once_in(2)) make_line();
    std::swap(hand_[script_.pick(hand_.size())], hand_.back());
    add_last();
  }

  /// A new socket is registered: it has the lowest free number.
  void add_new() {
    make_line();
    add_last();
  }

  /// The socket is closed at once, or kept for a while.
  void unregister(Registration& registration, bool keep) {
    script_.note(keep ? "unregister and keep" : "unregister", registration.fd, registration.events);
    auto key = selector_->unregister(name(registration));
    require(key.fd == registration.fd && key.events == registration.events, "unregister returned another key");
    require(key.data.number() == registration.token, "unregister returned other data");
    require(key.fileobj.fileno() == registration.fileno(), "unregister returned another socket");
    if (!registration.owned && !registration.is_gone()) hand_.push_back(std::move(registration.line));
    kept_.push_back({std::move(key), registration.token, std::move(registration.line)});
    model.remove(registration);
    if (!keep)
      drop(std::prev(kept_.end()));
    else if (kept_.size() > 6)
      drop(kept_.begin());
  }

  /// The socket that was kept last is taken back in hand, or something that was kept is dropped.
  void give_back() {
    if (kept_.empty()) return;
    auto& [key, token, line] = kept_.back();
    if (script_.once_in(3)) return drop(kept_.begin());
    if (line) {
      script_.note("take back", line->fd);
      line->near = std::move(key.fileobj);
      hand_.push_back(std::move(line));
    }
    drop(std::prev(kept_.end()));
  }

  void modify(Registration& registration, EventMask events) {
    script_.note("modify", registration.fd, events);
    registration.events = events;
    check_key(selector_->modify(name(registration), events), registration);
  }

  void replace_data(Registration& registration, EventMask events) {
    script_.note("replace the data of", registration.fd, events);
    registration.events = events;
    registration.token = ++tokens_;
    check_key(selector_->modify(name(registration), events, Token(tokens_)), registration);
  }

  /// Closed through the key, and not unregistered. What is only watched must not be closed. A duplicate, as a child
  /// process may have one, keeps open what is behind the number, and the kernel may go on to report it.
  void close_in_place(Registration& registration) {
    if (!registration.owned) return;
    const bool duplicated = script_.once_in(4) && !is_libkqueue(selector_->name());
    script_.note(duplicated ? "duplicate and close in its place" : "close in its place", registration.fd);
    if (duplicated) duplicates_.push_back(Socket::from_fileno(dup(registration.fd)));
    if (duplicates_.size() > 4) duplicates_.pop_front();
    selector_->get_key(registration.fd).fileobj.close();
    require(!is_open(registration.fd), "a socket was not closed");
    registration.line.reset();
  }

  /// The same by whoever owns a number that is only watched. To be unregistered before the number is somebody else's.
  void close_outside(Registration& registration) {
    script_.note("close outside", registration.fd);
    registration.line.reset();
  }

  /// A socket is moved out through the key and not unregistered: it stays open, in hand.
  void move_out(Registration& registration) {
    if (!registration.owned) return;
    script_.note("move out of its place", registration.fd);
    registration.line->near = std::move(selector_->get_key(registration.fd).fileobj);
    hand_.push_back(std::move(registration.line));
  }

  /// What cannot be done is refused and changes nothing.
  void refuse(const Registration& registration) {
    script_.note("refuse what is wrong with", registration.fd);
    require_refusal<KeyError>([&] { selector_->register_(registration.fd, EVENT_READ, Token(++tokens_)); });
    require_refusal<ValueError>([&] { selector_->modify(registration.fd, EventMask(4), Token(++tokens_)); });
    require_refusal<KeyError>([&] { selector_->unregister(1'000'000); });
    check_key(selector_->get_key(name(registration)), registration);
  }

  /// Every key is the model's, and there is no other.
  void check_map() {
    script_.note("look at all keys");
    std::size_t count = 0;
    for (const auto& key : selector_->get_map()) {
      const auto* const registration = model.at(key.fd);
      if (registration == nullptr) throw Deviation("a key too many");
      check_key(key, *registration);
      ++count;
    }
    require(count == model.registrations.size(), "a key too few");
  }

  void check_key(const typename Selector::Key& key, const Registration& registration) const {
    require(key.fd == registration.fd && key.events == registration.events, "a key with another number or events");
    require(key.data.number() == registration.token, "a key with other data");
    require(&key.fileobj == registration.fileobj, "a key whose socket has moved");
    require(key.fileobj.fileno() == registration.fileno(), "a key with another socket");
  }

  /// All data there is must be somewhere.
  void check_data() const {
    require(Token::living == model.registrations.size() + kept_.size(), "data was let go too early or too late");
  }

  void close() {
    script_.note("close the selector");
    selector_->close();
    for (const auto& registration : model.registrations) {
      if (registration->is_gone()) continue;
      require(is_open(registration->fd) != registration->owned, "the wrong sockets were closed with the selector");
      if (!registration->owned) hand_.push_back(std::move(registration->line));
    }
    model.registrations.clear();
    model.end_turn();
    closed_ = true;
    require_refusal<ValueError>([&] { std::ignore = selector_->get_map(); });
  }

  /// A new selector, in place of one that was closed or is just dropped.
  void reopen() {
    if (!closed_) close();
    script_.note("a new selector");
    selector_ = std::make_unique<Selector>();
    closed_ = false;
  }

 private:
  struct Kept {
    UnregisteredKey<Token> key;
    std::uint64_t token;
    std::unique_ptr<Line> line;  // of the socket in the key, if there is one
  };

  template <class Error, class Call>
  static void require_refusal(const Call& call) {
    try {
      call();
    } catch (const Error&) {
      return;
    }
    require(false, "what cannot be done was not refused");
  }

  /// By its socket, its number or its key.
  FileObject name(const Registration& registration) {
    const auto how = script_.pick(3);
    if (how == 0 || (registration.is_gone() && !registration.owned)) return registration.fd;
    if (how == 1) return selector_->get_key(registration.fd);
    return registration.owned ? *registration.fileobj : registration.line->near;
  }

  void make_line() {
    const std::size_t pick = script_.pick(32);  // terminals take long to make
    const Kind kind = pick == 0   ? Kind::terminal_master
                      : pick == 1 ? Kind::terminal_slave
                      : pick < 8  ? Kind::tcp
                                  : Kind::unix_sockets;
    hand_.push_back(std::make_unique<Line>(kind, script_.once_in(2)));
    script_.note(name_of(kind), hand_.back()->fd);
    if (hand_.size() > 12) hand_.erase(hand_.begin());
  }

  void add_last() {
    auto line = std::move(hand_.back());
    hand_.pop_back();
    const int fd = line->fd;
    const EventMask events = script_.events();
    const bool owned = !script_.once_in(4);
    script_.note(owned ? "register" : "watch", fd, events);
    Token token(++tokens_);
    if (model.at(fd) != nullptr) {  // the number of one that was closed or moved out, and is not unregistered yet
      require_refusal<KeyError>([&] { selector_->register_(std::move(line->near), events, std::move(token)); });
      require(line->near.fileno() == fd, "a socket that was refused is lost");
      hand_.push_back(std::move(line));
      return;
    }
    const auto key = owned ? selector_->register_(std::move(line->near), events, std::move(token))
                           : selector_->register_(fd, events, std::move(token));
    model.registrations.push_back(
        std::make_unique<Registration>(Registration{fd, events, tokens_, owned, &key.fileobj, std::move(line)}));
    check_key(key, *model.registrations.back());
  }

  void drop(typename std::list<Kept>::iterator kept) {
    require(kept->key.data.number() == kept->token, "the data of an unregistered key has ended before it");
    const int fd = kept->key.fileobj.fileno();
    kept_.erase(kept);
    require(fd < 0 || !is_open(fd), "a socket was not closed with its unregistered key");
  }

  Script& script_;
  std::unique_ptr<Selector> selector_ = std::make_unique<Selector>();
  bool closed_ = false;
  std::vector<std::unique_ptr<Line>> hand_;  // what is not in the bag
  std::list<Kept> kept_;
  std::list<Socket> duplicates_;
  std::uint64_t tokens_ = 0;
};

}  // namespace random_test
