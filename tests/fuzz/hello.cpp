// The hello of a client, as a server of beyond/tls takes it: any bytes at all, and a true hello with some bytes
// changed, in one piece or in two. It is refused with one line, or waits for more; and it never becomes a member.
#include "input.hpp"

#include <tls.hpp>

#include <algorithm>
#include <map>
#include <string>

namespace {

const std::map<std::string, std::string> options = {
    {"--cert", CERTIFICATES "/server.crt"}, {"--key", CERTIFICATES "/server.key"}, {"--ca", CERTIFICATES "/ca.crt"}};

/// A session that talks to memory: nothing goes over a socket.
struct Talk {
  explicit Talk(const tls::Context& context) : session(context, "localhost") {
    SSL_set_bio(session.native(), in, out);
    BIO_set_mem_eof_return(in, -1);  // no more yet, and not the end
  }

  tls::Result hear(std::string_view bytes) {
    if (!bytes.empty()) BIO_write(in, bytes.data(), static_cast<int>(bytes.size()));
    return session.handshake(none);
  }

  tls::Session session;
  BIO* in = BIO_new(BIO_s_mem());  // both belong to the session
  BIO* out = BIO_new(BIO_s_mem());
  selectors::Socket none;
};

std::string true_hello() {
  const tls::Context context(tls::Side::client, options);
  Talk talk(context);
  fuzz::require(talk.hear("").state == tls::State::waits, "a client waits for the answer to its hello");
  std::string bytes(4096, '\0');
  bytes.resize(static_cast<std::size_t>(std::max(0, BIO_read(talk.out, bytes.data(), 4096))));
  return bytes;
}

/// The first byte chooses: these bytes, or a true hello in which each three of them change one.
std::string hello_of(std::string_view input) {
  static const std::string hello = true_hello();
  if (input.empty() || input.front() % 4 == 0) return std::string(input);
  std::string changed = hello;
  for (std::size_t i = 1; i + 2 < input.size(); i += 3) {
    const auto place = static_cast<unsigned char>(input[i]) * 256U + static_cast<unsigned char>(input[i + 1]);
    changed[place % changed.size()] = input[i + 2];
  }
  return changed;
}

void check(const tls::Result& result) {
  fuzz::require(result.state == tls::State::waits || result.state == tls::State::failed, "nobody joins with a hello");
  fuzz::require(result.state != tls::State::waits || result.wants == selectors::EVENT_READ, "it waits for more");
  fuzz::require(result.why.empty() == (result.state != tls::State::failed), "a refusal has its reason");
  fuzz::require(std::all_of(result.why.begin(), result.why.end(), [](char c) { return c >= ' ' && c < '\x7f'; }),
                "the reason is one harmless line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tls::Context context(tls::Side::server, options);
  const std::string_view input = fuzz::text(data, size);
  const std::string hello = hello_of(input);
  const std::string_view whole = hello;
  const std::size_t cut = input.empty() ? 0 : static_cast<unsigned char>(input.back()) * 2U;
  Talk talk(context);
  auto result = talk.hear(whole.substr(0, std::min(cut, whole.size())));
  check(result);
  if (result.state == tls::State::waits) check(talk.hear(whole.substr(std::min(cut, whole.size()))));
  fuzz::require(talk.session.peer_name().empty(), "a stranger has no name");
  return 0;
}
