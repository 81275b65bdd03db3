#include <selectors/detail/home_process.hpp>

#include "os.hpp"

namespace selectors::detail {

std::atomic<unsigned> HomeProcess::forks = 0;

void HomeProcess::count_fork() noexcept { forks.fetch_add(1, std::memory_order_relaxed); }

HomeProcess::HomeProcess() noexcept : forks_(forks.load(std::memory_order_relaxed)) {
  [[maybe_unused]] static const bool installed = (os::on_fork(count_fork), true);
}

}  // namespace selectors::detail
