// Standalone asio: one readiness wait for each descriptor, which its handler starts again.
#include "asio_one_thread.hpp"
#include "sockets.hpp"

#include <deque>

namespace bench {
namespace {

std::string about() {
  return "asio " + std::to_string(ASIO_VERSION / 100'000) + '.' + std::to_string(ASIO_VERSION / 100 % 1'000) + '.' +
         std::to_string(ASIO_VERSION % 100);
}

using stream_descriptor = asio::posix::basic_stream_descriptor<Executor>;

/// A descriptor whose handler is called for each event. The loop stops when the handler returns true.
template <class Handle>
class Watch {
 public:
  Watch(asio::io_context& context, int fd, const Handle& handle)
      : context_(context), descriptor_(context, fd), handle_(handle) {}

  void wait() {
    descriptor_.async_wait(stream_descriptor::wait_read, [this](const asio::error_code& error) {
      if (error) return;
      if (handle_()) context_.stop();
      wait();
    });
  }

 private:
  asio::io_context& context_;
  stream_descriptor descriptor_;
  Handle handle_;
};

template <class Set, class MakeHandle>
Measured run(const Load& load, const MakeHandle& make_handle) {
  Set set(load);
  asio::io_context context(one_thread);
  std::deque<Watch<decltype(make_handle(set.data(0)))>> watches;
  for (std::size_t i = 0; i < set.watched.size(); ++i)
    watches.emplace_back(context, set.watched[i].release(), make_handle(set.data(i))).wait();
  return measure(load, set.tally, [&] {
    context.restart();
    context.run();
  });
}

Measured hot(const Load& load) {
  return run<HotSet>(load, [](Tally& tally) { return [&tally] { return tally.add(); }; });
}

Measured dispatch(const Load& load) {
  return run<RingSet>(load, [](const Station& station) { return [&station] { return pass_on(station); }; });
}

/// Handlers of cancelled waits are called when the loop next runs.
Phases ctl(int descriptors, long turns) {
  const auto sockets = idle_sockets(descriptors);
  asio::io_context context(one_thread);
  std::deque<stream_descriptor> watched;
  for (int i = 0; i < descriptors; ++i) watched.emplace_back(context);
  const auto handler = [](const asio::error_code&) {};
  const auto run_without_waiting = [&] {
    context.restart();
    context.poll();
  };
  return measure_phases(
      turns,
      [&] {
        for (std::size_t i = 0; i < sockets.size(); ++i) {
          watched[i].assign(sockets[i].fileno());
          watched[i].async_wait(stream_descriptor::wait_read, handler);
        }
        run_without_waiting();
      },
      [&] {
        for (auto& descriptor : watched) descriptor.async_wait(stream_descriptor::wait_write, handler);
        run_without_waiting();
      },
      [&] {
        for (auto& descriptor : watched) descriptor.release();
        run_without_waiting();
      });
}

}  // namespace

const Contestant contestant{.name = "asio",
                            .about = about,
                            .hot = hot,
                            .dispatch = dispatch,
                            .ctl = ctl,
                            .echo = serve_echo,
                            .chat = serve_chat};

}  // namespace bench
