// The course of the randomized test: selecting, walking, and what callbacks do meanwhile.
#pragma once

#include "random_bag.hpp"

#include <poll.h>

namespace random_test {

template <class Selector>
class Driver {
 public:
  explicit Driver(Script& script) : script_(script), bag_(script) {}

  /// Some actions, a select, a walk; the bag is not closed before and after it.
  void round() {
    for (auto actions = script_.pick(4); actions > 0; --actions) act(-1);
    if (script_.once_in(500)) expect_silence();
    try {
      walk(0);
    } catch (const Thrown&) {
      held_.clear();
    }
    bag_.check_data();
    if (bag_.is_closed() || script_.once_in(1000)) bag_.reopen();
  }

 private:
  struct Held {
    typename Selector::Key key;
    std::uint64_t token;
  };
  struct Thrown {};  // by a callback

  void walk(int depth) {
    const bool any = model().begin_select();
    const std::uint64_t turn = model().turn();
    const std::size_t held_before = held_.size();
    script_.note("select");
    const auto batch = selector().select(any && script_.once_in(8) ? 10s : 0s);
    model().end_select(batch.empty());
    if (script_.once_in(8) && call_back(-1, depth)) return;  // the walk need not begin at once, or at all
    model().move_on();
    bool left = false;
    for (const auto& [key, mask] : batch) {
      script_.note("event for", key.fd, mask);
      require(model().turn() == turn, "a walk went on after a later select or after close");
      model().deliver(key.fd, key.data.number(), mask);
      bag_.check_key(key, *model().at(key.fd));
      held_.push_back({key, key.data.number()});
      left = call_back(key.fd, depth);
      check_held();
      if (left) break;
      model().move_on();
    }
    if (!left && model().turn() == turn) model().end_walk();
    while (held_.size() > held_before) held_.pop_back();
  }

  /// @param fd the number of the key whose callback this is, or -1.
  /// @return true to leave the walk.
  bool call_back(int fd, int depth) {
    switch (script_.pick(300)) {
      case 0:
        script_.note("throw");
        throw Thrown();
      case 1:
        script_.note("leave the walk");
        return true;
      case 2:
        if (depth < 2) walk(depth + 1);
        break;
      case 3:
        if (script_.once_in(4)) bag_.close();
        break;
      case 4:
        act_on_all(fd);
        break;
      default:
        for (auto actions = script_.pick(3); actions > 0; --actions) act(fd);
    }
    return false;
  }

  /// Every key that a walk under way has seen is valid until it is over, with the data of that time.
  void check_held() const {
    for (const auto& [key, token] : held_) {
      require(key.data.number() == token, "data has ended before the walk");
      require(key.fileobj.fileno() == key.fd || key.fileobj.fileno() == -1, "a key's socket has ended before the walk");
    }
  }

  /// All are made to have nothing to say, or leave: then the wait lasts.
  void expect_silence() {
    for (const int fd : numbers()) {
      Registration& registration = *model().at(fd);
      if (registration.is_gone()) continue;
      bag_.modify(registration, EVENT_READ);
      registration.line->drain();
    }
    if (model().begin_select()) {
      for (const int fd : numbers()) {
        Registration& registration = *model().at(fd);
        if (!registration.is_gone() && (registration.before & ~POLLOUT)) bag_.unregister(registration, false);
      }
    }
    script_.note("select in silence");
    require(!model().begin_select(), "the test left something ready");
    model().end_select(selector().select(200us).empty());
  }

  /// @param self the number of the key whose callback this is, or -1.
  void act(int self) {
    if (bag_.is_closed()) return;
    const auto action = script_.pick(32);
    if (action < 3)
      bag_.add_new();
    else if (action < 5)
      bag_.add();
    else if (action == 5)
      bag_.give_back();
    else if (auto* const registration = choose(self))
      act_on(*registration, action);
    const auto map = selector().get_map();
    require(map.size() == model().registrations.size(), "the number of keys is wrong");
    if (script_.once_in(64)) bag_.check_map();
  }

  Registration* choose(int self) {
    const auto& all = model().registrations;
    if (all.empty()) return nullptr;
    auto* const own = script_.once_in(2) ? model().at(self) : nullptr;
    return own != nullptr ? own : all[script_.pick(all.size())].get();
  }

  void act_on(Registration& registration, std::size_t action) {
    bag_.check_key(selector().get_key(registration.fd), registration);
    // The more there are, the more leave.
    if (registration.is_gone() || (action < 12 && script_.pick(40) < model().registrations.size()))
      return bag_.unregister(registration, script_.once_in(3));
    if (action < 12)
      bag_.modify(registration, script_.events());
    else if (action < 14)
      bag_.replace_data(registration, script_.events());
    else if (action == 14)
      bag_.close_in_place(registration);
    else if (action == 15)
      bag_.move_out(registration);
    else if (action == 16)
      renew(registration);
    else if (action == 17)
      bag_.refuse(registration);
    else
      act_on_line(*registration.line, action);
  }

  void act_on_line(Line& line, std::size_t action) {
    if (action < 22) {
      script_.note("make readable", line.fd);
      line.make_readable();
    } else if (action < 25) {
      script_.note("drain", line.fd);
      line.drain();
    } else if (action < 28) {
      script_.note("fill", line.fd);
      line.fill();
    } else if (action < 31) {
      script_.note("make writable", line.fd);
      line.make_writable();
    } else if (script_.once_in(3)) {
      script_.note("come back", line.fd);
      line.come_back();
    } else {
      script_.note("hang up", line.fd);
      line.hang_up(script_.pick(5));
    }
  }

  /// Somebody else gets the number, or the same socket is registered again.
  void renew(Registration& registration) {
    if (script_.once_in(2)) {
      bag_.unregister(registration, true);
      bag_.give_back();
      bag_.add();
      return;
    }
    if (registration.owned) {
      bag_.close_in_place(registration);
      if (script_.once_in(2)) bag_.add_new();  // cannot have the number yet
    } else {
      bag_.close_outside(registration);
    }
    bag_.unregister(registration, false);
    bag_.add_new();
  }

  /// All are unregistered, closed or turned away, perhaps but the one whose callback this is; and new ones come.
  void act_on_all(int self) {
    const auto how = script_.pick(4);
    for (const int fd : numbers()) {
      Registration& registration = *model().at(fd);
      if (fd == self && script_.once_in(2)) continue;
      if (how == 0 || registration.is_gone())
        bag_.unregister(registration, false);
      else if (how == 1)
        bag_.close_in_place(registration);
      else if (how == 2)
        bag_.modify(registration, script_.events());
      else
        renew(registration);
    }
    for (auto count = script_.pick(12); count > 0; --count) bag_.add_new();
  }

  std::vector<int> numbers() {
    std::vector<int> numbers;
    for (const auto& registration : model().registrations) numbers.push_back(registration->fd);
    return numbers;
  }

  Model& model() { return bag_.model; }
  Selector& selector() { return bag_.selector(); }

  Script& script_;
  Bag<Selector> bag_;
  std::vector<Held> held_;  // by the walks under way
};

}  // namespace random_test
