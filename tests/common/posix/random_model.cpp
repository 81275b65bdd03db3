#include "random_model.hpp"

namespace random_test {

bool Model::begin_select() {
  ++turn_;
  ask_the_kernel(&Registration::before);
  for (const auto& each : registrations) each->after = each->before;
  return std::any_of(registrations.begin(), registrations.end(),
                     [this](const auto& each) { return bool(certain(each->certain()) & each->events); });
}

void Model::end_select(bool empty) {
  ask_the_kernel(&Registration::after);
  bool any = false;
  bool all_silent = true;
  for (const auto& each : registrations) {
    each->found = certain(each->certain()) & each->events;
    each->could = possible(static_cast<short>(each->before | each->after));
    each->awaited = bool(each->could);
    each->excused = !each->found;
    any = any || each->found;
    if (each->line) each->line->settle();
    all_silent = all_silent && !(each->could & each->events);
  }
  require(!any || !empty, "nothing was found ready");
  require(!all_silent || empty, "something was found ready");
}

void Model::ask_the_kernel(short Registration::*answer) const {
  std::vector<pollfd> asked;
  for (const auto& each : registrations) {
    const int events = ((each->events & EVENT_READ) ? POLLIN : 0) | ((each->events & EVENT_WRITE) ? POLLOUT : 0);
    asked.push_back({each->is_gone() ? -1 : each->fd, static_cast<short>(events), 0});
  }
  require(poll(asked.data(), static_cast<nfds_t>(asked.size()), 0) >= 0, "poll(2) failed");
  for (std::size_t i = 0; i < asked.size(); ++i) {
    require((asked[i].revents & POLLNVAL) == 0, "a number that should be open is not");
    (*registrations[i]).*answer = asked[i].revents;
  }
}

/// As CPython maps it: an error and a hang-up are both events, but a hang-up is reading only where select(2) says so.
EventMask Model::certain(short ready) const {
  const int writable = facility_ == "select" || facility_ == "kqueue" ? POLLOUT | POLLERR : ~POLLIN;
  return ((ready & ~POLLOUT) ? EVENT_READ : EventMask()) | ((ready & writable) ? EVENT_WRITE : EventMask());
}

/// kqueue may say more.
EventMask Model::possible(short ready) const {
  if (facility_ != "kqueue") return certain(ready);
  return ((ready & ~POLLOUT) ? EVENT_READ : EventMask()) | ((ready & ~POLLIN) ? EVENT_WRITE : EventMask());
}

void Model::deliver(int fd, std::uint64_t token, EventMask mask) {
  Registration* const registration = at(fd);
  require(registration != nullptr, "an event for what is not registered any more");
  require(registration->token == token, "an event with data that is not the one registered");
  require(!registration->is_gone(), "an event for a socket that is closed");
  require(registration->awaited, "an event of an earlier owner of the number, or for the second time");
  require(bool(mask), "an event with an empty mask");
  require((mask & registration->due()) == registration->due(), "an event whose mask is not complete");
  require((mask & registration->could & registration->events) == mask, "an event whose mask says too much");
  registration->awaited = false;
}

}  // namespace random_test
