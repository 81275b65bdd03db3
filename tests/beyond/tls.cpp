#include "tls.hpp"

#include <sys/socket.h>

#include <array>
#include <map>

using namespace support;
using selectors::DefaultSelector;
using selectors::EVENT_READ;
using tls::State;

namespace beyond {
namespace {

selectors::Socket connected(const Story& story, int port, int receive_buffer) {
  const selectors::Address server("127.0.0.1", static_cast<std::uint16_t>(port));
  selectors::Socket sock(server.family());
  if (receive_buffer > 0)
    story.expect(setsockopt(sock.fileno(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer) == 0,
                 "a small buffer", "none");
  sock.connect(server);
  sock.set_no_delay();
  sock.setblocking(false);
  return sock;
}

std::map<std::string, std::string> as_map(const std::vector<std::string>& options) {
  std::map<std::string, std::string> map;
  for (std::size_t i = 0; i < options.size(); i += 2) map[options[i]] = options[i + 1];
  return map;
}

}  // namespace

std::vector<std::string> options_for(const std::string& name, const std::string& authority) {
  const std::string folder = CERTIFICATES "/";
  return {"--cert", folder + name + ".crt", "--key", folder + name + ".key", "--ca", folder + authority + ".crt"};
}

std::string command_line(const std::vector<std::string>& options) {
  std::string line;
  for (const auto& option : options) line += " '" + option + "'";
  return line;
}

Command server_with(const std::string& certificate, const std::string& limit) {
  Command command("TLS_CHAT_SERVER");
  command.line += command_line(options_for(certificate)) + " --limit " + limit;
  return command;
}

Command client_of(const std::string& name, const std::string& authority) {
  Command command("TLS_CHAT_CLIENT");
  command.line += command_line(options_for(name, authority));
  return command;
}

Command s_client(int port, const std::string& name, const std::string& more) {
  const std::string folder = CERTIFICATES "/";
  std::string line = "openssl s_client -connect 127.0.0.1:" + std::to_string(port) + " -CAfile '" + folder +
                     "ca.crt' -verify_return_error " + more;
  if (!name.empty()) line += " -cert '" + folder + name + ".crt' -key '" + folder + name + ".key'";
  return {"s_client", line};
}

std::string hello() {
  const tls::Context context(tls::Side::client, as_map(options_for("ann")));
  const tls::Session session(context, "localhost");
  BIO* const out = BIO_new(BIO_s_mem());
  SSL_set_bio(session.native(), BIO_new(BIO_s_mem()), out);
  SSL_do_handshake(session.native());
  std::string bytes(4096, '\0');
  bytes.resize(static_cast<std::size_t>(std::max(0, BIO_read(out, bytes.data(), 4096))));
  return bytes;
}

Student::Student(Story& story, Server& server, const std::string& name, int receive_buffer)
    : story_(story),
      name_(name),
      sock_(connected(story, server.port(), receive_buffer)),
      address_(to_string(sock_.getsockname())),
      context_(tls::Side::client, as_map(options_for(name))),
      session_(context_, "127.0.0.1") {
  until_done("a handshake", [&] { return session_.handshake(sock_); });
  server.expect_line(name + " joined from " + address_);
}

template <class Call>
tls::Result Student::until_done(const std::string& what, Call call) {
  DefaultSelector<> selector;
  selector.register_(sock_.fileno(), EVENT_READ);
  const auto deadline = story_.deadline();
  while (true) {
    auto result = call();
    if (result.state == State::failed) story_.fail(name_ + ": " + what, result.why);
    if (result.state != State::waits) return result;
    selector.modify(sock_.fileno(), result.wants);
    if (selector.select(deadline - Clock::now()).empty()) story_.fail(name_ + ": " + what, "nothing came");
  }
}

void Student::say(std::string bytes) {
  story_.tell(name_, "says " + shown(bytes));
  until_done("says all of it", [&] { return session_.write(sock_, bytes); });
}

void Student::say_some(std::string bytes) {
  eventually(std::chrono::milliseconds(200), [&] { return session_.write(sock_, bytes).state != State::waits; });
}

void Student::ask_for_keys(int count) {
  for (int i = 0; i < count; ++i) {
    SSL_key_update(session_.native(), SSL_KEY_UPDATE_REQUESTED);
    until_done("asks for a key", [&] { return session_.handshake(sock_); });
  }
}

void Student::expect(std::string_view bytes) {
  std::array<char, 16'384> buffer{};
  while (heard_.size() < bytes.size()) {
    const auto result = until_done("hears " + shown(bytes), [&] { return session_.read(sock_, buffer); });
    if (result.state == State::ended) story_.fail(name_ + " hears " + shown(bytes), "a goodbye after " + shown(heard_));
    heard_.append(buffer.data(), result.size);
  }
  const std::string heard = heard_.substr(0, bytes.size());
  heard_.erase(0, bytes.size());
  story_.expect(heard == bytes, name_ + " hears " + shown(bytes), shown(heard));
}

void Student::expect_goodbye() {
  std::array<char, 64> buffer{};
  const auto result = until_done("hears a goodbye", [&] { return session_.read(sock_, buffer); });
  story_.expect(result.state == State::ended, name_ + " hears a goodbye", shown({buffer.data(), result.size}));
}

void Student::expect_gone() {
  std::array<char, 16'384> buffer{};
  story_.expect(story_.eventually([&] {
    const auto state = session_.read(sock_, buffer).state;
    return state == State::ended || state == State::failed;
  }),
                name_ + " is dropped", "it is not");
}

void Student::say_goodbye() {
  story_.tell(name_, "says goodbye");
  until_done("says goodbye", [&] { return session_.say_goodbye(sock_); });
}

void Student::break_record() {
  using namespace std::string_view_literals;
  sock_.send("\x17\x03\x03\x00\x20 0123456789012345678901234567890"sv);
}

std::size_t Student::hears() {
  std::array<char, 16'384> buffer{};
  for (auto result = session_.read(sock_, buffer); result.size > 0; result = session_.read(sock_, buffer))
    heard_.append(buffer.data(), result.size);
  return heard_.size();
}

void Class::expect_undisturbed() {
  const auto before = Clock::now();
  ann.say("still here\n");
  bob.expect("ann: still here\n");
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - before);
  story.expect(took < std::chrono::seconds(1), "ann is heard at once", "after " + std::to_string(took.count()) + " ms");
  server.expect_in_order({"ann: still here"});
}

}  // namespace beyond
