#include "heard.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace load {
namespace {

/// Returns how many bytes are the same at the beginning of both.
std::size_t common(const char* a, const char* b, std::size_t size) {
  constexpr std::size_t block = 64;
  std::size_t same = 0;
  while (same + block <= size && std::memcmp(a + same, b + same, block) == 0) same += block;
  while (same < size && a[same] == b[same]) ++same;
  return same;
}

}  // namespace

Speech::Speech() {
  std::uint32_t state = 1;
  for (std::size_t speaker = 0; speaker < speakers; ++speaker) {
    std::string& bytes = bytes_[speaker];
    for (std::size_t i = 0; i < period; ++i) {
      state = state * 1664525U + 1013904223U;
      bytes += static_cast<char>(speaker << 6U | state >> 26U);
    }
    while (bytes.size() < period + longest) bytes += bytes.substr(0, period);
  }
}

Heard::Heard(std::size_t members, std::size_t message_bytes)
    : members_(members), message_bytes_(message_bytes), positions_(members) {}

void Heard::take(std::size_t member, std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t speaker = Speech::speaker_of(bytes.front());
    const std::uint64_t position = positions_[member][speaker];
    const std::size_t most = std::min(bytes.size(), Speech::chunk);
    const std::size_t count = common(bytes.data(), speech_.from(speaker, position), most);
    if (speaker == member || count == 0)
      throw std::runtime_error("member " + std::to_string(member) + " hears speaker " + std::to_string(speaker) +
                               " wrongly after " + std::to_string(position) + " bytes");
    advance(member, speaker, count);
    bytes.remove_prefix(count);
  }
}

void Heard::advance(std::size_t member, std::size_t speaker, std::size_t count) {
  std::uint64_t& position = positions_[member][speaker];
  const std::uint64_t before = position / message_bytes_;
  position += count;
  auto& hearers = hearers_[speaker];
  for (std::uint64_t message = before; message < position / message_bytes_; ++message) {
    const auto place = static_cast<std::size_t>(message - by_all_[speaker]);
    if (place >= hearers.size()) hearers.resize(place + 1);
    ++hearers[place];
    ++deliveries_;
  }
  while (!hearers.empty() && hearers.front() == members_ - 1) {
    hearers.pop_front();
    ++by_all_[speaker];
  }
}

}  // namespace load
