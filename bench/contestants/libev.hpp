#pragma once

#include "contestant.hpp"

#include <ev.h>

#include <cerrno>
#include <memory>

namespace bench {

using Loop = std::unique_ptr<struct ev_loop, decltype([](struct ev_loop* loop) { ev_loop_destroy(loop); })>;

inline Loop make_loop() {
  Loop loop(ev_loop_new(EVFLAG_AUTO));
  if (!loop) fail("ev_loop_new");
  return loop;
}

}  // namespace bench
