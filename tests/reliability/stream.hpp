// Bytes that can be told from any others: the sender makes them, and whoever reads makes them again to compare.
#pragma once

#include <cstdint>
#include <string>

namespace reliability {

/// An endless row of bytes, another one for each seed.
class Stream {
 public:
  explicit Stream(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}

  char next() {
    if (left_ == 0) {
      state_ ^= state_ << 13U;
      state_ ^= state_ >> 7U;
      state_ ^= state_ << 17U;
      word_ = state_;
      left_ = 8;
    }
    --left_;
    const auto byte = static_cast<char>(word_ & 0xFFU);
    word_ >>= 8U;
    return byte;
  }

  void fill(std::string& bytes) {
    for (auto& byte : bytes) byte = next();
  }

 private:
  std::uint64_t state_;
  std::uint64_t word_ = 0;
  int left_ = 0;
};

}  // namespace reliability
