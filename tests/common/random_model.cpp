#include "random_model.hpp"

#include <sys/socket.h>

#include <array>

namespace random_test {
namespace {

// Past the Socket class, which is not under test here.
std::size_t receive_all(int fd) {
  std::array<char, 8192> buffer{};
  std::size_t received = 0;
  while (true) {
    const auto size = recv(fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size <= 0) return received;
    received += static_cast<std::size_t>(size);
    if (static_cast<std::size_t>(size) < buffer.size()) return received;
  }
}

}  // namespace

void Line::make_readable() {
  if (hung_up() || unread_ >= 8) return;  // few enough never to fill the far end's buffer
  require(::send(far_.fileno(), "x", 1, MSG_DONTWAIT) == 1, "the kernel did not take one byte");
  ++unread_;
}

void Line::drain() {
  require(receive_all(fd) == unread_, "the kernel did not deliver what was sent");
  unread_ = 0;
}

void Line::fill() {
  if (hung_up() || full_) return;
  const int small = 4096;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
  const std::string bytes(16'384, 'x');
  while (::send(fd, bytes.data(), bytes.size(), MSG_DONTWAIT) > 0) {
  }
  full_ = true;
}

void Line::make_writable() {
  if (hung_up() || !full_) return;
  require(receive_all(far_.fileno()) > 0, "the kernel did not deliver what was sent");
  full_ = false;
}

bool Model::begin_select() {
  ++turn_;
  bool any = false;
  for (const auto& each : registrations) {
    const EventMask ready = each->is_gone() ? EventMask() : each->line->ready();
    each->found = ready & each->events;
    each->could = !each->is_gone() && each->line->hung_up() ? ready : each->found;
    each->awaited = bool(each->found);
    each->excused = false;
    any = any || each->awaited;
  }
  return any;
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
