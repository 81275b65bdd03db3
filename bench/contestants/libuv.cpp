// libuv: one uv_poll_t for each descriptor.
#include "libuv.hpp"
#include "sockets.hpp"

namespace bench {
namespace {

std::string about() { return std::string("libuv ") + uv_version_string(); }

void start(uv_loop_t* loop, uv_poll_t& handle, const Descriptor& socket, uv_poll_cb callback) {
  uv_checked(uv_poll_init(loop, &handle, socket.fileno()), "uv_poll_init");
  uv_checked(uv_poll_start(&handle, UV_READABLE, callback), "uv_poll_start");
}

template <class Set>
Measured run(const Load& load, uv_poll_cb callback) {
  Set set(load);
  std::vector<uv_poll_t> handles(set.watched.size());
  Loop loop;
  for (std::size_t i = 0; i < handles.size(); ++i) {
    start(loop.get(), handles[i], set.watched[i], callback);
    handles[i].data = &set.data(i);
  }
  return measure(load, set.tally, [&] { uv_run(loop.get(), UV_RUN_DEFAULT); });
}

Measured hot(const Load& load) {
  return run<HotSet>(load, [](uv_poll_t* handle, int, int) {
    if (static_cast<Tally*>(handle->data)->add()) uv_stop(handle->loop);
  });
}

Measured dispatch(const Load& load) {
  return run<RingSet>(load, [](uv_poll_t* handle, int, int) {
    if (pass_on(*static_cast<Station*>(handle->data))) uv_stop(handle->loop);
  });
}

/// libuv passes changes to the kernel when the loop next runs. A handle cannot be used for another descriptor, so to
/// unregister means to close it.
Phases ctl(int descriptors, long turns) {
  const auto sockets = idle_sockets(descriptors);
  std::vector<uv_poll_t> handles(sockets.size());
  Loop loop;
  const uv_poll_cb callback = [](uv_poll_t*, int, int) {};
  return measure_phases(
      turns,
      [&] {
        for (std::size_t i = 0; i < sockets.size(); ++i) start(loop.get(), handles[i], sockets[i], callback);
        uv_run(loop.get(), UV_RUN_NOWAIT);
      },
      [&] {
        for (uv_poll_t& handle : handles)
          uv_checked(uv_poll_start(&handle, UV_READABLE | UV_WRITABLE, callback), "uv_poll_start");
        uv_run(loop.get(), UV_RUN_NOWAIT);
      },
      [&] {
        for (uv_poll_t& handle : handles) uv_close(reinterpret_cast<uv_handle_t*>(&handle), nullptr);
        uv_run(loop.get(), UV_RUN_NOWAIT);
      });
}

}  // namespace

const Contestant contestant{.name = "libuv",
                            .about = about,
                            .hot = hot,
                            .dispatch = dispatch,
                            .ctl = ctl,
                            .echo = serve_echo,
                            .chat = serve_chat};

}  // namespace bench
