// Our library, as the lessons use it. It has no servers here, because those of lessons 06 and 07 are measured as they
// are.
#include "sockets.hpp"

#include <selectors/selectors.hpp>

#include <malloc.h>

#include <array>
#include <functional>

using namespace selectors;

namespace bench {
namespace {

using Callback = std::function<void(Socket&, EventMask)>;

std::string about() { return "selectors " SELECTORS_VERSION " on " + DefaultSelector<>().name(); }

std::vector<Socket> take(std::vector<Descriptor>& descriptors) {
  std::vector<Socket> sockets;
  for (Descriptor& descriptor : descriptors) sockets.push_back(Socket::from_fileno(descriptor.release()));
  return sockets;
}

/// The loop of the lessons. It is a separate function that gets its selector as an argument. If the compiler could see
/// everything that ever holds the selector, it would know that no callback touches it, and would leave out checks after
/// each callback that no real program can avoid.
[[gnu::noinline]] void walk(BaseSelector<Callback>& selector, const Tally& tally) {
  while (!tally.reached())
    for (const auto& [key, mask] : selector.select()) key.data(key.fileobj, mask);
}

Measured hot(const Load& load) {
  HotSet set(load);
  DefaultSelector<Callback> selector;
  for (Socket& socket : take(set.watched))
    selector.register_(std::move(socket), EVENT_READ, [&tally = set.tally](Socket&, EventMask) { tally.add(); });
  return measure(load, set.tally, [&] { walk(selector, set.tally); });
}

/// The same with data of another type: there is no callback, because the loop itself knows what to do.
[[gnu::noinline]] void walk_typed(BaseSelector<long*>& selector, const Tally& tally) {
  while (!tally.reached())
    for (const auto& [key, mask] : selector.select()) ++*key.data;
}

Measured hot_typed(const Load& load) {
  HotSet set(load);
  DefaultSelector<long*> selector;
  for (Socket& socket : take(set.watched)) selector.register_(std::move(socket), EVENT_READ, &set.tally.count);
  return measure(load, set.tally, [&] { walk_typed(selector, set.tally); });
}

Measured dispatch(const Load& load) {
  RingSet set(load);
  auto sockets = take(set.watched);
  auto partners = take(set.partners);
  DefaultSelector<Callback> selector;
  for (std::size_t i = 0; i < partners.size(); ++i) {
    Socket& next = partners[(i + 1) % partners.size()];
    selector.register_(std::move(sockets[set.places[i]]), EVENT_READ,
                       [&tally = set.tally, &next](Socket& socket, EventMask) {
                         std::array<char, 1> token{};
                         socket.recv_into(token);
                         next.send("x");
                         tally.add();
                       });
  }
  for (Socket& socket : sockets)
    if (socket.fileno() >= 0) selector.register_(std::move(socket), EVENT_READ, [](Socket&, EventMask) {});
  return measure(load, set.tally, [&] { walk(selector, set.tally); });
}

Phases ctl(int descriptors, long turns) {
  auto idle = idle_sockets(descriptors);
  std::vector<int> numbers;
  for (const Descriptor& descriptor : idle) numbers.push_back(descriptor.fileno());
  auto sockets = take(idle);
  DefaultSelector<Callback> selector;
  const Callback callback = [](Socket&, EventMask) {};
  return measure_phases(
      turns,
      [&] {
        for (Socket& socket : sockets) selector.register_(std::move(socket), EVENT_READ, callback);
      },
      [&] {
        for (const int fd : numbers) selector.modify(fd, EVENT_READ | EVENT_WRITE);
      },
      [&] {
        for (std::size_t i = 0; i < sockets.size(); ++i) sockets[i] = selector.unregister(numbers[i]).fileobj;
      });
}

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
/// Returns how many bytes malloc has allocated and not freed.
double allocated() {
  const auto heap = mallinfo2();
  return static_cast<double>(heap.uordblks + heap.hblkhd);
}

double memory(int descriptors) {
  auto idle = idle_sockets(descriptors);
  auto sockets = take(idle);
  DefaultSelector<Callback> selector;
  const double before = allocated();
  for (Socket& socket : sockets) selector.register_(std::move(socket), EVENT_READ, [](Socket&, EventMask) {});
  static_cast<void>(
      selector.select(std::chrono::seconds(0)).empty());  // poll(2) and select(2) need a list to wait with
  return allocated() - before;
}
#else
constexpr double (*memory)(int) = nullptr;
#endif

}  // namespace

const Contestant contestant{.name = "ours",
                            .about = about,
                            .hot = hot,
                            .dispatch = dispatch,
                            .ctl = ctl,
                            .hot_typed = hot_typed,
                            .memory = memory};

}  // namespace bench
