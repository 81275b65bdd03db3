// The chat has no frames and no names, so each byte says itself who spoke it: 3 bits for the speaker, 5 of its stream.
#include "running.hpp"
#include "stream.hpp"
#include "wire.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

namespace reliability {

std::string tell_all(Running& running, std::size_t bytes, std::size_t lead, std::chrono::seconds patience,
                     std::mt19937& dice);

namespace {

constexpr std::size_t speakers = 8;
constexpr std::size_t listeners = 4;

struct Member {
  Wire wire;
  std::array<std::size_t, speakers> heard{};  // of each
  std::vector<Stream> expected = {};
};

struct Speech {
  Stream stream;
  std::size_t made = 0;
  std::string chunk = {};
  bool over = false;
};

char spoken(std::size_t speaker, Stream& stream) {
  return static_cast<char>((speaker << 5U) | (static_cast<unsigned char>(stream.next()) & 31U));
}

/// False if what it hears of somebody is not what comes next in their speech.
bool listen(Member& member) {
  static thread_local std::vector<char> buffer(65'536);
  const auto count = member.wire.receive_some(buffer.data(), buffer.size());
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t speaker = static_cast<unsigned char>(buffer[i]) >> 5U;
    if (buffer[i] != spoken(speaker, member.expected[speaker])) return false;
    ++member.heard[speaker];
  }
  return true;
}

/// A speaker goes on only while nobody is further behind than `lead`: who does not keep up is dropped, rightly.
void speak(Speech& speech, std::size_t speaker, Member& member, std::size_t bytes, std::size_t may_make,
           std::mt19937& dice) {
  if (speech.chunk.empty() && speech.made < std::min(bytes, may_make)) {
    const std::size_t size = (std::size_t{1} << (dice() % 15)) + dice() % 7;
    speech.chunk.resize(std::min(size, std::min(bytes, may_make) - speech.made));
    for (auto& byte : speech.chunk) byte = spoken(speaker, speech.stream);
    speech.made += speech.chunk.size();
  }
  if (!speech.chunk.empty()) speech.chunk.erase(0, member.wire.send_some(speech.chunk));
  if (speech.chunk.empty() && speech.made == bytes && !speech.over) {
    member.wire.half_close();  // what it said has still to reach everybody
    speech.over = true;
  }
}

/// How much of a speaker those who only listen have all heard.
std::size_t heard_by_all(const std::vector<Member>& members, std::size_t speaker) {
  std::size_t least = members[speakers].heard[speaker];
  for (std::size_t i = speakers; i < members.size(); ++i) least = std::min(least, members[i].heard[speaker]);
  return least;
}

bool all_heard(const std::vector<Member>& members, std::size_t bytes) {
  for (std::size_t speaker = 0; speaker < speakers; ++speaker)
    if (heard_by_all(members, speaker) < bytes) return false;
  return true;
}

}  // namespace

std::string tell_all(Running& running, std::size_t bytes, std::size_t lead, std::chrono::seconds patience,
                     std::mt19937& dice) {
  std::vector<Member> members;
  std::vector<Speech> speeches;
  for (std::size_t i = 0; i < speakers + listeners; ++i) {
    auto wire = Wire::connect(running.port());
    if (!wire) return "0 %, cannot be reached";
    members.push_back({.wire = std::move(*wire)});
    for (std::size_t speaker = 0; speaker < speakers; ++speaker) members.back().expected.emplace_back(speaker);
    if (i < speakers) speeches.push_back({.stream = Stream(i)});
  }
  running.holds(members.size());

  const auto end = Clock::now() + patience;
  std::string wrong;
  std::vector<pollfd> waiting(members.size());
  while (wrong.empty() && !all_heard(members, bytes)) {
    if (Clock::now() > end) wrong = "after " + std::to_string(patience.count()) + " s";
    if (!running.server().running()) wrong = running.death();
    for (std::size_t i = 0; i < members.size(); ++i) {
      const bool wants = i < speakers && (!speeches[i].chunk.empty() ||
                                          speeches[i].made < std::min(bytes, heard_by_all(members, i) + lead));
      waiting[i] = {members[i].wire.gone() ? -1 : members[i].wire.fd(),
                    static_cast<short>(wants ? POLLIN | POLLOUT : POLLIN), 0};
    }
    poll(waiting.data(), waiting.size(), 20);
    for (std::size_t i = 0; i < members.size(); ++i) {
      if ((waiting[i].revents & POLLOUT) != 0)
        speak(speeches[i], i, members[i], bytes, heard_by_all(members, i) + lead, dice);
      if ((waiting[i].revents & ~POLLOUT) != 0 && !listen(members[i])) wrong = "out of order";
      if (i >= speakers && members[i].wire.gone() && wrong.empty()) wrong = "a listener was dropped";
    }
  }
  if (wrong.empty()) return "100 %";
  if (const std::string death = running.death(); !running.server().running()) wrong = death;
  std::size_t heard = 0;
  for (std::size_t speaker = 0; speaker < speakers; ++speaker) heard += heard_by_all(members, speaker);
  return std::to_string(100 * heard / (speakers * bytes)) + " %, " + wrong;
}

}  // namespace reliability
