// Preloaded into a program: a resolver that answers ::1 first and 127.0.0.1 second for `localhost`, as on many
// machines.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>

#include <cstring>

// NOLINTNEXTLINE(readability-identifier-naming): the C library's name
extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** found) {
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto next = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const int family = hints != nullptr ? hints->ai_family : AF_UNSPEC;
  const bool either = node != nullptr && std::strcmp(node, "localhost") == 0 && family == AF_UNSPEC;
  if (!either) return next(node, service, hints, found);
  if (const int error = next("::1", service, hints, found); error != 0) return error;
  return next("127.0.0.1", service, hints, &(*found)->ai_next);
}
