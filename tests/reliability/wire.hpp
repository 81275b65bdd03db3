// A client's end of a connection, for measuring: it answers instead of failing, and waits for nothing longer than it is
// told.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace reliability {

using namespace std::chrono_literals;

class Wire {
 public:
  /// A connection to a port on the loopback, or nothing.
  /// @param receive_buffer SO_RCVBUF in bytes, 0 for the kernel's choice.
  static std::optional<Wire> connect(int port, std::chrono::milliseconds patience = 2s, int receive_buffer = 0);

  Wire(Wire&& other) noexcept : fd_(std::exchange(other.fd_, -1)), gone_(other.gone_) {}
  Wire& operator=(Wire&& other) noexcept;
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  ~Wire() { close(); }

  [[nodiscard]] int fd() const { return fd_; }

  /// The other side has ended or reset it, as far as was read or written.
  [[nodiscard]] bool gone() const { return gone_; }

  /// Sends what the kernel takes now.
  std::size_t send_some(std::string_view bytes);

  /// Sends all of it, or says no.
  bool send(std::string_view bytes, std::chrono::milliseconds patience = 2s);

  /// Reads what is there now, at most so much.
  std::size_t receive_some(char* buffer, std::size_t size);

  /// So many bytes, or those that came until the end or until patience was at its own.
  std::string receive(std::size_t size, std::chrono::milliseconds patience = 2s);

  /// Sends it and gets the same back.
  bool ask(std::string_view bytes, std::chrono::milliseconds patience = 2s);

  void half_close() const;

  /// Closes so that the other side gets a reset.
  void reset();

  void close();

 private:
  explicit Wire(int fd) : fd_(fd) {}
  [[nodiscard]] bool wait(short events, std::chrono::steady_clock::time_point end) const;

  int fd_ = -1;
  bool gone_ = false;
};

}  // namespace reliability
