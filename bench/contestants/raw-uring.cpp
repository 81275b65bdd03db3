// Raw io_uring: servers only. io_uring carries out requests, and a loop that only waits for readiness has none.
#include "contestant.hpp"

#include <sys/utsname.h>

#include <string>

namespace bench {
namespace {

std::string about() {
  utsname system{};
  uname(&system);
  const std::string release = system.release;
  return "raw io_uring, Linux " + release.substr(0, release.find('.', release.find('.') + 1)) + uring_refused();
}

}  // namespace

const Contestant contestant{.name = "raw-uring",
                            .about = about,
                            .hot = nullptr,
                            .dispatch = nullptr,
                            .ctl = nullptr,
                            .echo = serve_echo,
                            .chat = serve_chat};

}  // namespace bench
