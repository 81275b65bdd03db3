#pragma once

#include <event2/event.h>

#include <memory>

namespace bench {

using Base = std::unique_ptr<event_base, decltype([](event_base* base) { event_base_free(base); })>;

}  // namespace bench
