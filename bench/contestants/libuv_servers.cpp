// The servers on libuv: one uv_tcp_t for each connection, which reads into a shared buffer; what uv_try_write does not
// send at once is sent with a uv_write_t.
#include "libuv.hpp"
#include "server.hpp"

#include <csignal>

namespace bench {
namespace {

class Server;

struct Member {
  explicit Member(Server& its_server) : server(its_server) {}

  [[nodiscard]] uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&handle); }

  /// Returns true as long as others may send to it.
  [[nodiscard]] bool is_here() { return !ended && !uv_is_closing(reinterpret_cast<uv_handle_t*>(&handle)); }

  Server& server;
  uv_tcp_t handle{};
  bool ended = false;
  std::size_t place = 0;
};

struct Rest {
  explicit Rest(std::string_view refused) : bytes(refused) {}

  uv_write_t request{};
  std::string bytes;
};

class Server {
 public:
  explicit Server(Service service) : service_(service) {}

  void serve() {
    uv_signal_t stop;
    uv_checked(uv_signal_init(loop_.get(), &stop), "uv_signal_init");
    uv_checked(uv_signal_start(
                   &stop, [](uv_signal_t* signal, int) { uv_stop(signal->loop); }, SIGTERM),
               "uv_signal_start");

    uv_tcp_t listener;
    uv_checked(uv_tcp_init(loop_.get(), &listener), "uv_tcp_init");
    uv_checked(uv_tcp_open(&listener, listen_on_loopback().release()), "uv_tcp_open");
    listener.data = this;
    uv_checked(uv_listen(reinterpret_cast<uv_stream_t*>(&listener), SOMAXCONN, handle_connection), "uv_listen");
    uv_run(loop_.get(), UV_RUN_DEFAULT);

    for (const auto& member : members_) close(*member);
    uv_close(reinterpret_cast<uv_handle_t*>(&listener), nullptr);
    uv_close(reinterpret_cast<uv_handle_t*>(&stop), nullptr);
    uv_run(loop_.get(), UV_RUN_DEFAULT);
  }

 private:
  static void handle_connection(uv_stream_t* listener, int status) {
    if (status < 0) return;
    auto& server = *static_cast<Server*>(listener->data);
    Member& member = server.members_.add(std::make_unique<Member>(server));
    uv_checked(uv_tcp_init(listener->loop, &member.handle), "uv_tcp_init");
    member.handle.data = &member;
    if (uv_accept(listener, member.stream()) < 0 || uv_read_start(member.stream(), lend, handle_input) < 0)
      close(member);
  }

  static void lend(uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
    auto& lent = static_cast<Member*>(handle->data)->server.lent_;
    *buffer = uv_buf_init(lent.data(), static_cast<unsigned>(lent.size()));
  }

  static void handle_input(uv_stream_t* stream, ssize_t count, const uv_buf_t* buffer) {
    auto& member = *static_cast<Member*>(stream->data);
    if (count == 0) return;  // nothing was there after all
    if (count < 0) return end(member);
    const std::string_view bytes(buffer->base, static_cast<std::size_t>(count));
    if (member.server.service_ == Service::echo)
      send(member, bytes);
    else
      member.server.send_to_others(member, bytes);
  }

  void send_to_others(const Member& sender, std::string_view bytes) {
    for (const auto& member : members_)
      if (member.get() != &sender && member->is_here()) send(*member, bytes);
  }

  static void send(Member& member, std::string_view bytes) {
    uv_buf_t buffer = uv_buf_init(const_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
    const int sent = uv_try_write(member.stream(), &buffer, 1);
    if (sent < 0 && sent != UV_EAGAIN) return close(member);
    bytes.remove_prefix(static_cast<std::size_t>(sent < 0 ? 0 : sent));
    if (bytes.empty()) return;
    // An echo server stops reading from a client that does not take its answers.
    if (member.server.service_ == Service::echo) uv_read_stop(member.stream());
    auto rest = std::make_unique<Rest>(bytes);
    rest->request.data = rest.get();
    buffer = uv_buf_init(rest->bytes.data(), static_cast<unsigned>(rest->bytes.size()));
    if (uv_write(&rest->request, member.stream(), &buffer, 1, handle_written) == 0)
      static_cast<void>(rest.release());  // handle_written takes it back
    else
      close(member);
  }

  static void handle_written(uv_write_t* request, int status) {
    const std::unique_ptr<Rest> rest(static_cast<Rest*>(request->data));
    auto& member = *static_cast<Member*>(request->handle->data);
    if (status == UV_ECANCELED) return;
    if (status < 0) return close(member);
    if (uv_stream_get_write_queue_size(member.stream()) > 0) return;
    if (member.ended)
      close(member);
    else
      uv_read_start(member.stream(), lend, handle_input);
  }

  /// What was said before the end is still sent.
  static void end(Member& member) {
    member.ended = true;
    uv_read_stop(member.stream());
    if (uv_stream_get_write_queue_size(member.stream()) == 0) close(member);
  }

  static void close(Member& member) {
    auto* const handle = reinterpret_cast<uv_handle_t*>(&member.handle);
    if (uv_is_closing(handle)) return;
    uv_close(handle, [](uv_handle_t* closed) {
      auto& gone = *static_cast<Member*>(closed->data);
      gone.server.members_.remove(gone);
    });
  }

  Service service_;
  Crew<std::unique_ptr<Member>> members_;
  std::vector<char> lent_ = std::vector<char>(lent_size);
  Loop loop_;
};

}  // namespace

void serve_echo() { Server(Service::echo).serve(); }

void serve_chat() { Server(Service::chat).serve(); }

}  // namespace bench
