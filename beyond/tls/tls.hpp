// TLS 1.3 for a loop: OpenSSL 3, asked to never wait. Each call answers at once, and says what it waits for.
#pragma once

#include <selectors/selectors.hpp>

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace tls {

/// What became of a call.
enum class State : std::uint8_t {
  done,    ///< It is done.
  waits,   ///< It could not go on. Make the same call again when the socket is ready for `wants`.
  ended,   ///< The other side has said goodbye (close_notify, RFC 8446, section 6.1): nothing more comes from there.
  failed,  ///< The session is over. `why` says so in one line, without a byte of the other side's.
};

/// A call's answer.
//! [Result]
struct Result {
  State state = State::done;
  selectors::EventMask wants = {};  ///< If it waits: for what. A read may wait to write, and a write to read.
  std::size_t size = 0;             ///< How many bytes were read or written.
  std::string why = {};             ///< If it failed.
};
//! [Result]

/// Which end of the connection this is.
enum class Side : std::uint8_t { server, client };

/// What all sessions of a program share: its certificate, its key, and the authority that it trusts. Only TLS 1.3, and
/// both sides must show a certificate.
class Context {
 public:
  /// @param options `--cert`, `--key` and `--ca`, with the names of the files.
  /// @throws std::runtime_error, one line, if one is missing or is not what it should be.
  Context(Side side, const std::map<std::string, std::string>& options);

  /// Which end.
  [[nodiscard]] Side side() const { return side_; }

  /// OpenSSL's own.
  [[nodiscard]] SSL_CTX* native() const { return context_.get(); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  Side side_;
  std::unique_ptr<SSL_CTX, Free> context_;
};

/// One connection's TLS. It owns no socket: each call is given the one that it may use, which must not block.
class Session {
 public:
  /// A session of which nothing has been said yet.
  /// @param host a client's: the name or the address that the server's certificate has to be for.
  explicit Session(const Context& context, const std::string& host = {});

  /// Goes on with the handshake. After `done`, and not before, the other side has proved its certificate.
  [[nodiscard]] Result handshake(selectors::Socket& sock);

  /// Takes what was said, as much of one record as there is room for. What had no room is `pending`.
  [[nodiscard]] Result read(selectors::Socket& sock, std::span<char> buffer);

  /// Says as much as the socket takes, and removes that from the front. After `waits` some of it is left: to it more
  /// may be added, but nothing changed, for the library has begun to send it.
  [[nodiscard]] Result write(selectors::Socket& sock, std::string& outbox);

  /// Says that nothing more comes from here (close_notify). What the other side says can still be read.
  [[nodiscard]] Result say_goodbye(selectors::Socket& sock);

  /// How many bytes wait inside the library, where no selector can see them.
  [[nodiscard]] std::size_t pending() const { return static_cast<std::size_t>(SSL_pending(ssl_.get())); }

  /// The name in the other side's certificate, its common name, made harmless for logs; empty if it has none.
  [[nodiscard]] std::string peer_name() const;

  /// OpenSSL's own.
  [[nodiscard]] SSL* native() const { return ssl_.get(); }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  struct Wire {
    selectors::Socket* sock = nullptr;
    bool ended = false;
    std::string error = {};
  };
  static const BIO_METHOD* wire_method();
  template <class Call>
  Result attempt(selectors::Socket& sock, Call call);
  [[nodiscard]] std::string why() const;

  std::unique_ptr<Wire> wire_;  // before ssl_, whose end may still look at it
  std::unique_ptr<SSL, Free> ssl_;
  bool greeted_ = false;
};

}  // namespace tls
