/// asio where it costs least: without locks (ASIO_DISABLE_THREADS is in CMakeLists.txt), told that one thread runs it,
/// and with the executor's own type in place of the one that can hold any.
#pragma once

#include <asio.hpp>

namespace bench {

using Executor = asio::io_context::executor_type;

constexpr int one_thread = 1;

}  // namespace bench
