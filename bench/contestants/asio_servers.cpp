// The servers on asio. As in asio's own examples, each connection is kept alive by the handlers of the operations that
// it has started.
#include "asio_one_thread.hpp"
#include "server.hpp"

#include <array>
#include <csignal>

namespace bench {
namespace {

using asio::ip::tcp;
using Socket = asio::basic_stream_socket<tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;

class Member : public std::enable_shared_from_this<Member> {
 public:
  using Members = Crew<std::shared_ptr<Member>>;

  Member(Socket socket, Members& members) : socket_(std::move(socket)), members_(members) {}

  void echo() {
    socket_.async_read_some(asio::buffer(received_),
                            [self = shared_from_this()](const asio::error_code& error, std::size_t count) {
                              if (error) return self->leave();
                              asio::async_write(self->socket_, asio::buffer(self->received_, count),
                                                [self](const asio::error_code& failure, std::size_t) {
                                                  if (failure) return self->leave();
                                                  self->echo();
                                                });
                            });
  }

  void chat() {
    socket_.async_read_some(asio::buffer(received_),
                            [self = shared_from_this()](const asio::error_code& error, std::size_t count) {
                              if (error) return self->end();
                              for (const auto& member : self->members_)
                                if (member != self && !member->ended_) member->say({self->received_.data(), count});
                              self->chat();
                            });
  }

  std::size_t place = 0;  // in the crew

 private:
  /// Writes once at a time: what is said during a write waits for the next one.
  void say(std::string_view bytes) {
    waiting_ += bytes;
    if (sending_.empty()) send();
  }

  void send() {
    sending_.swap(waiting_);
    asio::async_write(socket_, asio::buffer(sending_),
                      [self = shared_from_this()](const asio::error_code& error, std::size_t) {
                        self->sending_.clear();
                        if (error) return self->leave();
                        if (!self->waiting_.empty())
                          self->send();
                        else if (self->ended_)
                          self->leave();
                      });
  }

  /// Ends it: what was said before is still sent.
  void end() {
    ended_ = true;
    if (sending_.empty()) leave();
  }

  void leave() {
    if (!socket_.is_open()) return;
    asio::error_code ignored;
    socket_.close(ignored);
    members_.remove(*this);
  }

  Socket socket_;
  Members& members_;
  bool ended_ = false;
  std::array<char, 8192> received_;  // its own, because asio reads into it whenever something comes
  std::string sending_;
  std::string waiting_;
};

class Server {
 public:
  explicit Server(void (Member::*begin)()) : begin_(begin) {}

  void serve() {
    stop_.async_wait([this](const asio::error_code&, int) { context_.stop(); });
    acceptor_.assign(tcp::v4(), listen_on_loopback().release());
    accept();
    context_.run();
  }

 private:
  void accept() {
    acceptor_.async_accept([this](const asio::error_code& error, Socket socket) {
      if (!error) (members_.add(std::make_shared<Member>(std::move(socket), members_)).*begin_)();
      accept();
    });
  }

  void (Member::*begin_)();
  asio::io_context context_{one_thread};
  Member::Members members_;  // declared after the context, which their sockets need
  asio::signal_set stop_{context_, SIGTERM};
  Acceptor acceptor_{context_};
};

}  // namespace

void serve_echo() { Server(&Member::echo).serve(); }

void serve_chat() { Server(&Member::chat).serve(); }

}  // namespace bench
