// Preloaded: a signal every millisecond for the whole life of the program, with a handler that does nothing and without
// SA_RESTART, so that each call that waits is interrupted over and over.
#include <sys/time.h>

#include <csignal>

namespace {

[[gnu::constructor]] void begin() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  sigaction(SIGALRM, &action, nullptr);
  const timeval millisecond{0, 1000};
  const itimerval every{millisecond, millisecond};
  setitimer(ITIMER_REAL, &every, nullptr);
}

}  // namespace
