// What is said in the chat, and how much of it each member has heard.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace load {

inline constexpr std::size_t speakers = 4;

/// The endless bytes of a speaker. In each byte, the two highest bits say whose byte it is; the others, together with
/// those of its neighbours, say where it belongs. So a chat may cut the bytes anywhere and mix them with those of
/// others.
class Speech {
 public:
  Speech();

  /// Returns what the speaker says from this position on: as many bytes as the longest message has.
  const char* from(std::size_t speaker, std::uint64_t position) const {
    return bytes_[speaker].data() + position % period;
  }

  static std::size_t speaker_of(char byte) { return static_cast<unsigned char>(byte) >> 6U; }

  static constexpr std::size_t chunk = 65536;  // how much is received at a time
  static constexpr std::size_t longest = 1'000'000;

 private:
  static constexpr std::size_t period = 4093;  // a prime, so that losing a power of two is noticed
  std::array<std::string, speakers> bytes_;
};

/// How much every member has heard of every speaker.
class Heard {
 public:
  Heard(std::size_t members, std::size_t message_bytes);

  /// Notes that a member has received these bytes.
  /// @throws std::runtime_error if they are not the next bytes of their speakers.
  void take(std::size_t member, std::string_view bytes);

  /// Returns how many whole messages were heard, for all members together.
  std::uint64_t deliveries() const { return deliveries_; }

  /// Returns how many messages of a speaker all the others have heard.
  std::uint64_t by_all(std::size_t speaker) const { return by_all_[speaker]; }

 private:
  void advance(std::size_t member, std::size_t speaker, std::size_t count);

  Speech speech_ = {};
  std::size_t members_;
  std::size_t message_bytes_;
  std::vector<std::array<std::uint64_t, speakers>> positions_;
  std::array<std::deque<std::size_t>, speakers> hearers_ = {};  // for each message that not all have heard yet
  std::array<std::uint64_t, speakers> by_all_ = {};
  std::uint64_t deliveries_ = 0;
};

}  // namespace load
