// TLS 1.3 for an event loop, with OpenSSL 3. No call blocks: it returns at once, and says what it waits for.
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

/// The outcome of a call.
enum class State : std::uint8_t {
  done,    ///< The call has succeeded.
  waits,   ///< It could not go on. Make the same call again when the socket is ready for `wants`.
  ended,   ///< The other side has said goodbye (close_notify, RFC 8446, section 6.1) and sends no more.
  failed,  ///< The session is over. `why` explains it in one line that contains no byte from the other side.
};

/// The result of a call.
//! [Result]
struct Result {
  State state = State::done;
  selectors::EventMask wants = {};  ///< If it waits: the events. A read may wait to write, and a write to read.
  std::size_t size = 0;             ///< How many bytes were read or written.
  std::string why = {};             ///< If it failed: the reason.
};
//! [Result]

/// Which end of the connection this is.
enum class Side : std::uint8_t { server, client };

/// What all sessions of a program share: its certificate, its key, and the authority that it trusts. It accepts only
/// TLS 1.3, and both sides must show a certificate.
class Context {
 public:
  /// @param options `--cert`, `--key` and `--ca`, with the names of the files.
  /// @throws std::runtime_error with one line if a file is missing or does not contain what it should.
  Context(Side side, const std::map<std::string, std::string>& options);

  /// Returns which end of the connection this is.
  [[nodiscard]] Side side() const { return side_; }

  /// Returns OpenSSL's own object.
  [[nodiscard]] SSL_CTX* native() const { return context_.get(); }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };
  Side side_;
  std::unique_ptr<SSL_CTX, Free> context_;
};

/// TLS for one connection. It does not own the socket: each call gets the socket to use, which must be non-blocking.
class Session {
 public:
  /// Makes a session, and sends nothing yet.
  /// @param host for a client: the name or address that the server's certificate has to be for.
  explicit Session(const Context& context, const std::string& host = {});

  /// Continues the handshake. Only after `done` has the other side proved that the certificate is its own.
  [[nodiscard]] Result handshake(selectors::Socket& sock);

  /// Reads what has come, at most as much of one record as fits into the buffer. The rest is `pending`.
  [[nodiscard]] Result read(selectors::Socket& sock, std::span<char> buffer);

  /// Sends as much of the outbox as the socket takes, and removes it from the front. After `waits`, a part is left: you
  /// may append to it but must not change it, because the library has begun to send it.
  [[nodiscard]] Result write(selectors::Socket& sock, std::string& outbox);

  /// Says goodbye (close_notify): nothing more will be sent. What the other side sends can still be read.
  [[nodiscard]] Result say_goodbye(selectors::Socket& sock);

  /// Returns how many bytes wait inside the library, where no selector can see them.
  [[nodiscard]] std::size_t pending() const { return static_cast<std::size_t>(SSL_pending(ssl_.get())); }

  /// Returns the common name in the other side's certificate, made harmless for logs; empty if it has none.
  [[nodiscard]] std::string peer_name() const;

  /// Returns OpenSSL's own object.
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

  std::unique_ptr<Wire> wire_;  // declared before ssl_, whose destructor may still use it
  std::unique_ptr<SSL, Free> ssl_;
  bool greeted_ = false;
};

}  // namespace tls
