// What is said in the chat, and who has heard how much of it.
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

/// The bytes of a speaker, endless. Each byte tells in its two highest bits whose it is, and in the others, together
/// with its neighbours, where it stands; so a chat may cut the bytes and mix them with those of others wherever it
/// likes.
class Speech {
 public:
  Speech();

  /// What the speaker says from there on, as many bytes as the longest message has.
  const char* from(std::size_t speaker, std::uint64_t position) const {
    return bytes_[speaker].data() + position % period;
  }

  static std::size_t speaker_of(char byte) { return static_cast<unsigned char>(byte) >> 6U; }

  static constexpr std::size_t chunk = 65536;  // that is received at a time
  static constexpr std::size_t longest = 1'000'000;

 private:
  static constexpr std::size_t period = 4093;  // prime: no power of two can be lost unseen
  std::array<std::string, speakers> bytes_;
};

/// How far every member has heard every speaker.
class Heard {
 public:
  Heard(std::size_t members, std::size_t message_bytes);

  /// A member has got these bytes.
  /// @throws std::runtime_error if they are not what is next of their speakers.
  void take(std::size_t member, std::string_view bytes);

  /// Messages that a member has heard to their end, all members together.
  std::uint64_t deliveries() const { return deliveries_; }

  /// Messages of a speaker that all the others have heard.
  std::uint64_t by_all(std::size_t speaker) const { return by_all_[speaker]; }

 private:
  void advance(std::size_t member, std::size_t speaker, std::size_t count);

  Speech speech_ = {};
  std::size_t members_;
  std::size_t message_bytes_;
  std::vector<std::array<std::uint64_t, speakers>> positions_;
  std::array<std::deque<std::size_t>, speakers> hearers_ = {};  // of each message that not all have heard
  std::array<std::uint64_t, speakers> by_all_ = {};
  std::uint64_t deliveries_ = 0;
};

}  // namespace load
