// How long an answer takes: in an echo until one's own words are back, in a chat until another member has them.
#pragma once

#include "running.hpp"
#include "wire.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace reliability {

class Asking {
 public:
  Asking(const Subject& subject, Running& running);

  /// False if it could not connect, or an answer did not come in time.
  [[nodiscard]] bool answered() const { return answered_; }

  /// How much each end of this has heard, in bytes: in a chat the speaker hears the others too. Any thread may ask.
  [[nodiscard]] std::uint64_t heard() const;

  /// Asks for so long, with a pause after each answer, and gives how long each answer took, in microseconds.
  std::vector<double> ask(std::chrono::milliseconds duration, std::chrono::microseconds pause);

  /// The same, once.
  double ask_once(std::size_t size);

  /// Asks nothing for this long, and reads what the others say. A client that did not read it would find it before its
  /// next answer.
  void listen(std::chrono::microseconds duration);

 private:
  /// A connection that reads all that comes.
  struct Member {
    std::optional<Wire> wire = {};
    std::atomic<std::uint64_t> heard = 0;

    /// Reads once. @return how many marks came.
    std::size_t hear();
  };

  /// Waits for something to come, and reads what has come to each. @return how many marks came where they are to come.
  std::size_t hear(std::chrono::nanoseconds patience);

  Member speaker_;
  Member listener_;  // in a chat
  bool answered_ = false;
};

/// A missed target of time says nothing about the server while others use this machine up: then it is not measured.
Figure judged(const std::string& text, bool met);

/// The value that 99 of 100 do not exceed.
double p99(std::vector<double> values);

/// "85 µs", "1.20 ms"
std::string time_text(double microseconds);

}  // namespace reliability
