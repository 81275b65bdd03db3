// What a program costs, by what the kernel tells about it from outside.
#include "measures.hpp"
#include "program.hpp"

#include <utility>

namespace support {

void Program::wait_until_idle() const {
  long before = -1;
  // Where each of its calls is traced it hardly uses any time, and is stopped more often than it sleeps.
  const bool idle = story_.eventually([&] {
    const long ticks = std::exchange(before, cpu_ticks());
    const bool worked = at_work(pid_);
    pass(std::chrono::milliseconds(100));
    return ticks == before && !worked && !at_work(pid_);
  });
  story_.expect(idle, name_ + " becomes idle", "it goes on using processor time");
}

long Program::ticks_within(std::chrono::milliseconds time) const {
  const long before = cpu_ticks();
  pass(time);
  return cpu_ticks() - before;
}

long Program::sanitizer_kib() {
#ifdef __SANITIZE_ADDRESS__
  return 8192;
#else
  return 0;
#endif
}

std::size_t Program::open_descriptors() const {
  story_.needs_posix("the descriptors that the test could count are Wine's");
  return support::open_descriptors(pid_);
}

}  // namespace support
