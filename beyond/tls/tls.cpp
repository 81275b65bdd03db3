#include "tls.hpp"

#include <lesson/text.hpp>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <exception>
#include <fstream>
#include <stdexcept>

using selectors::EVENT_READ;
using selectors::EVENT_WRITE;
using selectors::Socket;

namespace tls {
namespace {

/// Returns the file that an option names. Throws std::runtime_error if the option is missing or the file cannot be
/// read.
std::string file(const std::map<std::string, std::string>& options, const std::string& option) {
  const auto found = options.find(option);
  if (found == options.end())
    throw std::runtime_error(option + " FILE is missing (./learn certificates makes the files)");
  if (!std::ifstream(found->second))
    throw std::runtime_error(option + ": cannot read the file '" + found->second + "'");
  return found->second;
}

void require(bool loaded, const std::string& what) {
  if (loaded) return;
  const char* const reason = ERR_reason_error_string(ERR_peek_error());
  throw std::runtime_error(what + (reason == nullptr ? "" : std::string(": ") + reason));
}

/// Explains the verdicts that a class meets; OpenSSL's own texts are for people who know OpenSSL.
std::string words_for(long verdict) {
  switch (verdict) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate is for another host";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      return "its certificate is from another authority";
    default:
      return std::string("its certificate is no good: ") + X509_verify_cert_error_string(verdict);
  }
}

}  // namespace

Context::Context(Side side, const std::map<std::string, std::string>& options)
    : side_(side), context_(SSL_CTX_new(side == Side::server ? TLS_server_method() : TLS_client_method())) {
  require(context_ != nullptr, "OpenSSL cannot make a TLS context");
  SSL_CTX* const context = context_.get();
  const auto cert = file(options, "--cert");
  const auto key = file(options, "--key");
  const auto ca = file(options, "--ca");
  ERR_clear_error();
  require(SSL_CTX_use_certificate_chain_file(context, cert.c_str()) == 1, "--cert: no certificate in '" + cert + "'");
  require(SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1,
          "--key: '" + key + "' is not the private key of '" + cert + "'");
  require(SSL_CTX_load_verify_file(context, ca.c_str()) == 1, "--ca: no certificate in '" + ca + "'");
  SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);  // each member must show its certificate each time
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

Session::Session(const Context& context, const std::string& host)
    : wire_(std::make_unique<Wire>()), ssl_(SSL_new(context.native())) {
  BIO* const wire = ssl_ ? BIO_new(wire_method()) : nullptr;
  if (wire == nullptr) throw std::bad_alloc();
  BIO_set_data(wire, wire_.get());
  BIO_set_init(wire, 1);
  SSL_set_bio(ssl_.get(), wire, wire);
  if (context.side() == Side::server) {
    SSL_set_accept_state(ssl_.get());
    return;
  }
  SSL_set_connect_state(ssl_.get());
  X509_VERIFY_PARAM* const expected = SSL_get0_param(ssl_.get());
  if (X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1) return;
  require(!host.empty() && SSL_set1_host(ssl_.get(), host.c_str()) == 1,
          "HOST is empty or invalid, so the server's certificate cannot be checked");
  SSL_set_tlsext_host_name(ssl_.get(), host.c_str());
}

/// Makes OpenSSL read and write through Socket, which never raises SIGPIPE. No exception may pass through OpenSSL.
const BIO_METHOD* Session::wire_method() {
  static const BIO_METHOD* const method = [] {
    BIO_METHOD* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "selectors::Socket");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(made, [](BIO* bio, char* buffer, int size) {
      Wire& wire = *static_cast<Wire*>(BIO_get_data(bio));
      BIO_clear_retry_flags(bio);
      try {
        const auto received = wire.sock->recv_into({buffer, static_cast<std::size_t>(size)});
        if (!received) BIO_set_retry_read(bio);
        wire.ended = received && received->empty();
        return received ? static_cast<int>(received->size()) : -1;
      } catch (const std::exception& error) {
        wire.error = error.what();
        return -1;
      }
    });
    BIO_meth_set_write(made, [](BIO* bio, const char* bytes, int size) {
      Wire& wire = *static_cast<Wire*>(BIO_get_data(bio));
      BIO_clear_retry_flags(bio);
      try {
        const auto sent = wire.sock->send({bytes, static_cast<std::size_t>(size)});
        if (sent == 0) BIO_set_retry_write(bio);
        return sent == 0 ? -1 : static_cast<int>(sent);
      } catch (const std::exception& error) {
        wire.error = error.what();
        return -1;
      }
    });
    BIO_meth_set_ctrl(made, [](BIO* bio, int command, long, void*) -> long {
      if (command == BIO_CTRL_EOF) return static_cast<Wire*>(BIO_get_data(bio))->ended ? 1 : 0;
      return command == BIO_CTRL_FLUSH ? 1 : 0;
    });
    return made;
  }();
  return method;
}

//! [attempt]
template <class Call>
Result Session::attempt(Socket& sock, Call call) {
  wire_->sock = &sock;
  ERR_clear_error();
  std::size_t size = 0;
  const int returned = call(&size);
  switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_NONE:
      return {.state = State::done, .size = size};
    case SSL_ERROR_WANT_READ:
      return {.state = State::waits, .wants = EVENT_READ};
    case SSL_ERROR_WANT_WRITE:
      return {.state = State::waits, .wants = EVENT_WRITE};
    case SSL_ERROR_ZERO_RETURN:
      return {.state = State::ended};
    default:
      return {.state = State::failed, .why = why()};
  }
}
//! [attempt]

Result Session::handshake(Socket& sock) {
  auto result = attempt(sock, [&](std::size_t*) { return SSL_do_handshake(ssl_.get()); });
  greeted_ = greeted_ || result.state == State::done;
  return result;
}

Result Session::read(Socket& sock, std::span<char> buffer) {
  return attempt(sock, [&](std::size_t* size) { return SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), size); });
}

Result Session::write(Socket& sock, std::string& outbox) {
  Result result;
  std::size_t sent = 0;
  while (result.state == State::done && sent < outbox.size()) {  // one record at a time, at most 16 KiB
    result = attempt(sock, [&](std::size_t* size) {
      return SSL_write_ex(ssl_.get(), outbox.data() + sent, outbox.size() - sent, size);
    });
    sent += result.size;
  }
  outbox.erase(0, sent);
  return result;
}

Result Session::say_goodbye(Socket& sock) {
  return attempt(sock, [&](std::size_t*) {
    const int returned = SSL_shutdown(ssl_.get());
    return returned == 0 ? 1 : returned;  // 0: it is sent, but the other side has not said goodbye yet
  });
}

std::string Session::why() const {
  const auto error = ERR_peek_error();
  const int reason = ERR_GET_LIB(error) == ERR_LIB_SSL ? ERR_GET_REASON(error) : 0;
  if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
    return greeted_ ? "cut off without a goodbye" : "gone before the handshake was over";
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) return "no certificate";
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED) return words_for(SSL_get_verify_result(ssl_.get()));
  if (reason > SSL_AD_REASON_OFFSET)  // an alert from the other side
    return std::string("it refused: ") + SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
  if (error == 0) return wire_->error.empty() ? "OpenSSL does not say why" : wire_->error;
  const char* const words = ERR_reason_error_string(error);
  return std::string(greeted_ ? "broken TLS (" : "no TLS 1.3 handshake (") + (words ? words : "no reason given") + ')';
}

std::string Session::peer_name() const {
  X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr) return {};
  const X509_NAME* const subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  unsigned char* bytes = nullptr;
  const int size =
      at < 0 ? -1 : ASN1_STRING_to_UTF8(&bytes, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size < 0) return {};
  const std::string found(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
  OPENSSL_free(bytes);
  std::string name;
  for (const char c : std::string(lesson::decode(found)))  // decode leaves \n and \t, which could forge lines
    name += c == '\n' ? "\\x0a" : c == '\t' ? "\\x09" : std::string(1, c);
  return name;
}

}  // namespace tls
