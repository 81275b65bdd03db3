// The servers on raw io_uring: one accept, and one receive for each connection, stay requested (multishot). Received
// bytes are in buffers that were lent to the kernel beforehand, and all requests of one turn go to the kernel in one
// call.
#include "server.hpp"

#include <fcntl.h>
#include <liburing.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>

namespace bench {
namespace {

constexpr unsigned entries = 2048;

/// Makes a ring. Returns false if that fails; errno says why.
bool make_ring(io_uring& ring) {
  // With these flags (Linux 6.1) the kernel does its part of the work only while we wait. An older kernel does not know
  // them.
  for (const unsigned flags : {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, 0U}) {
    errno = -io_uring_queue_init(entries, &ring, flags);
    if (errno != EINVAL) break;
  }
  return errno == 0;
}

/// What was requested, and for whom. The kernel returns it with the result.
struct Request {
  enum class Kind : std::uint8_t { stop, accept, receive, send } what;
  struct Member* whom = nullptr;
};

struct Member : Connection {
  using Connection::Connection;

  std::string sending;  // must not move until it has been sent
  int lent = -1;        // the lent buffer that is being sent
  bool receiving = true;
  bool in_flight = false;  // only one send at a time: two could overtake each other
  Request receive{Request::Kind::receive, this};
  Request send{Request::Kind::send, this};
};

/// Buffers into which the kernel receives. Each goes back to the kernel after use.
class Buffers {
 public:
  explicit Buffers(io_uring& ring)
      : memory_(static_cast<char*>(pages(std::size_t{count} * size))),
        buffers_(static_cast<io_uring_buf_ring*>(pages(count * sizeof(io_uring_buf)))) {
    io_uring_buf_reg registration{};
    registration.ring_addr = reinterpret_cast<std::uintptr_t>(buffers_);
    registration.ring_entries = count;
    errno = -io_uring_register_buf_ring(&ring, &registration, 0);
    if (errno != 0) fail("io_uring_register_buf_ring (Linux 5.19 has it)");
    io_uring_buf_ring_init(buffers_);
    for (int i = 0; i < count; ++i) lend(i);
  }

  /// Returns the bytes that were received.
  [[nodiscard]] std::string_view bytes(int which, int length) const {
    return {at(which), static_cast<std::size_t>(length)};
  }

  /// Gives one back to the kernel.
  void lend(int which) {
    io_uring_buf_ring_add(buffers_, at(which), size, static_cast<unsigned short>(which), count - 1, 0);
    io_uring_buf_ring_advance(buffers_, 1);
  }

 private:
  static constexpr int count = 256;
  static constexpr unsigned size = lent_size;

  /// Returns memory that takes no space until it is used.
  static void* pages(std::size_t bytes) {
    void* const there = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | MAP_PRIVATE, -1, 0);
    if (there == MAP_FAILED) fail("mmap of the buffers");
    return there;
  }

  [[nodiscard]] char* at(int which) const { return memory_ + static_cast<std::size_t>(which) * size; }

  char* memory_;
  io_uring_buf_ring* buffers_;
};

class Server {
 public:
  explicit Server(Service service) : service_(service) {}

  void serve() {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, nullptr);
    const Descriptor stop(checked(signalfd(-1, &signals, SFD_CLOEXEC), "signalfd"));
    io_uring_prep_poll_add(ask(stop_), stop.fileno(), POLLIN);
    const Descriptor listener = listen_on_loopback();
    fcntl(listener.fileno(), F_SETFL, 0);  // else a request would end at once if there is nothing to accept
    accept(listener);
    while (!stopped_) {
      const int waited = io_uring_submit_and_wait(&ring_, 1);
      if (waited < 0 && waited != -EINTR) {
        errno = -waited;
        fail("io_uring_submit_and_wait");
      }
      unsigned head = 0;
      unsigned count = 0;
      io_uring_cqe* answer = nullptr;
      io_uring_for_each_cqe(&ring_, head, answer) {
        ++count;
        take(*answer, listener);
      }
      io_uring_cq_advance(&ring_, count);
      for (Member* const member : told_) send_next(*member);  // one send for everything that was said in this turn
      told_.clear();
    }
  }

 private:
  io_uring_sqe* ask(Request& what) {
    io_uring_sqe* request = io_uring_get_sqe(&ring_);
    if (request == nullptr) {  // all are in use: submit them to the kernel
      io_uring_submit(&ring_);
      request = io_uring_get_sqe(&ring_);
    }
    io_uring_sqe_set_data(request, &what);
    return request;
  }

  void accept(const Descriptor& listener) {
    io_uring_prep_multishot_accept(ask(accept_), listener.fileno(), nullptr, nullptr, SOCK_CLOEXEC);
  }

  void receive(Member& member) {
    io_uring_sqe* const request = ask(member.receive);
    io_uring_prep_recv_multishot(request, member.socket.fileno(), nullptr, 0, 0);
    request->flags |= IOSQE_BUFFER_SELECT;
    request->buf_group = 0;
  }

  void take(const io_uring_cqe& answer, const Descriptor& listener) {
    const auto& asked = *static_cast<Request*>(io_uring_cqe_get_data(&answer));
    switch (asked.what) {
      case Request::Kind::stop:
        stopped_ = true;
        break;
      case Request::Kind::accept:
        if (answer.res >= 0) receive(members_.add(std::make_unique<Member>(Descriptor(answer.res))));
        if ((answer.flags & IORING_CQE_F_MORE) == 0) accept(listener);
        break;
      case Request::Kind::receive:
        received(*asked.whom, answer);
        break;
      case Request::Kind::send:
        sent(*asked.whom, answer.res);
        break;
    }
  }

  void received(Member& member, const io_uring_cqe& answer) {
    if (answer.res > 0) {
      const int which = static_cast<int>(answer.flags >> IORING_CQE_BUFFER_SHIFT);
      const std::string_view bytes = buffers_.bytes(which, answer.res);
      if (service_ == Service::chat) {
        for (const auto& other : members_)
          if (other.get() != &member) say(*other, bytes);
        buffers_.lend(which);
      } else if (!member.in_flight && !member.ended && member.rest.empty()) {
        member.lent = which;  // sent from the buffer in which it was received
        send(member, bytes);
      } else {
        say(member, bytes);
        buffers_.lend(which);
      }
    }
    if ((answer.flags & IORING_CQE_F_MORE) != 0) return;
    if (answer.res > 0 || answer.res == -ENOBUFS) return receive(member);  // all buffers were in use; some come back
    member.ended = true;
    member.receiving = false;
    end_if_finished(member);
  }

  /// Queues bytes. Everything that is said in a turn is sent together at its end.
  void say(Member& member, std::string_view bytes) {
    if (member.ended) return;
    if (member.rest.empty() && !member.in_flight) told_.push_back(&member);
    member.rest += bytes;
  }

  void send_next(Member& member) {
    if (member.in_flight || member.rest.empty()) return;
    member.sending.swap(member.rest);
    member.rest.clear();
    send(member, member.sending);
  }

  void send(Member& member, std::string_view bytes) {
    member.in_flight = true;
    // MSG_WAITALL: the result comes when everything has been sent.
    io_uring_prep_send(ask(member.send), member.socket.fileno(), bytes.data(), bytes.size(),
                       MSG_NOSIGNAL | MSG_WAITALL);
  }

  void sent(Member& member, int result) {
    member.in_flight = false;
    if (member.lent >= 0) buffers_.lend(std::exchange(member.lent, -1));
    if (result < 0) {  // the connection is gone: its receive ends, too
      member.rest.clear();
      member.ended = true;
      shutdown(member.socket.fileno(), SHUT_RDWR);
    }
    send_next(member);
    end_if_finished(member);
  }

  void end_if_finished(Member& member) {
    if (member.receiving || member.in_flight || !member.rest.empty()) return;
    std::erase(told_, &member);
    members_.remove(member);
  }

  Service service_;
  bool stopped_ = false;
  Request stop_{Request::Kind::stop};
  Request accept_{Request::Kind::accept};
  io_uring ring_ = [] {
    io_uring ring{};
    if (make_ring(ring)) return ring;
    std::cerr << "raw io_uring" << uring_refused() << '\n';
    std::exit(3);
  }();
  Buffers buffers_{ring_};
  Crew<std::unique_ptr<Member>> members_;
  std::vector<Member*> told_;  // those with something to send, and no send in progress
};

}  // namespace

std::string uring_refused() {
  io_uring ring{};
  if (!make_ring(ring)) return std::string(", but this kernel or sandbox refuses it: ") + std::strerror(errno);
  io_uring_queue_exit(&ring);
  return {};
}

void serve_echo() { Server(Service::echo).serve(); }

void serve_chat() { Server(Service::chat).serve(); }

}  // namespace bench
