// What a program costs, by what the kernel tells about it from outside.
#include "measures.hpp"
#include "program.hpp"

namespace support {

void Program::wait_until_still() const {
  const bool still = story_.eventually([&] {
    const auto before = cpu_time(pid_);
    pass(std::chrono::milliseconds(200));
    return cpu_time(pid_) == before;
  });
  story_.expect(still, name_ + " comes to rest", "it goes on using processor time");
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
