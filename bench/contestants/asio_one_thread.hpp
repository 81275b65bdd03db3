/// asio at its lowest cost: without locks (ASIO_DISABLE_THREADS is in CMakeLists.txt), set to run in one thread, and
/// with the executor's own type instead of the one that can hold any executor.
#pragma once

#include <asio.hpp>

namespace bench {

using Executor = asio::io_context::executor_type;

constexpr int one_thread = 1;

}  // namespace bench
