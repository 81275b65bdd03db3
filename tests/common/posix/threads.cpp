// How a select is woken by a signal handler, and what a Waker is made of; also run under ThreadSanitizer.
#include "../facilities.hpp"

#include <fcntl.h>
#include <pthread.h>

#include <cerrno>
#include <csignal>
#include <mutex>
#include <thread>

namespace {

const Waker* waker_of_handler = nullptr;

/// Lets a signal wake `waker` while it lives.
class WakingSignal {
 public:
  explicit WakingSignal(const Waker& waker) {
    waker_of_handler = &waker;
    struct sigaction action {};
    action.sa_handler = [](int) { waker_of_handler->wake(); };
    sigaction(SIGUSR1, &action, &former_);
  }
  WakingSignal(const WakingSignal&) = delete;
  WakingSignal& operator=(const WakingSignal&) = delete;
  ~WakingSignal() { sigaction(SIGUSR1, &former_, nullptr); }

 private:
  struct sigaction former_ {};
};

}  // namespace

TEMPLATE_TEST_CASE("wake from a signal handler ends a select in this thread and in another", "", FACILITIES) {
  typename TestType::template Selector<> selector;
  Waker waker;
  const WakingSignal signal(waker);
  selector.register_(waker.fileno(), EVENT_READ);
  std::raise(SIGUSR1);
  CHECK(count(selector.select(10s)) == 1);
  waker.clear();
  const auto self = pthread_self();
  std::thread other([self] { pthread_kill(self, SIGUSR1); });
  // ThreadSanitizer does not know that pselect(2) waits. A signal that comes there is handled after the next call that
  // it does know, such as locking a mutex.
  std::mutex known;
  int found = 0;
  for (int i = 0; i < 100 && found == 0; ++i) {
    found = count(selector.select(100ms));
    const std::scoped_lock lock(known);
  }
  CHECK(found == 1);
  other.join();
}

TEST_CASE("a Waker owns its pipe and child programs do not inherit it") {
  int fd = -1;
  {
    const Waker waker;
    fd = waker.fileno();
    CHECK((fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK((fcntl(fd, F_GETFL) & O_NONBLOCK) != 0);
    errno = 42;
    for (int i = 0; i < 100'000; ++i) waker.wake();
    CHECK(errno == 42);
  }
  CHECK_FALSE(is_open(fd));
}
