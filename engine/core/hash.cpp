// sha256 as FIPS 180-4 gives it.

#include "core/hash.h"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "core/error.h"
#include "core/random.h"

namespace lumir {
namespace {

constexpr uint32_t kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

}  // namespace

Sha256::Sha256()
    : state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19} {}

void Sha256::block(const uint8_t* data) {
  uint32_t w[64];
  for (int i = 0; i < 16; ++i) {
    w[i] = uint32_t{data[4 * i]} << 24 | uint32_t{data[4 * i + 1]} << 16 | uint32_t{data[4 * i + 2]} << 8 |
           data[4 * i + 3];
  }
  for (int i = 16; i < 64; ++i) {
    const uint32_t a = std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
    const uint32_t b = std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ w[i - 2] >> 10;
    w[i] = w[i - 16] + a + w[i - 7] + b;
  }
  uint32_t s[8];
  std::memcpy(s, state_, sizeof s);
  for (int i = 0; i < 64; ++i) {
    const uint32_t e = std::rotr(s[4], 6) ^ std::rotr(s[4], 11) ^ std::rotr(s[4], 25);
    const uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
    const uint32_t first = s[7] + e + choice + kRound[i] + w[i];
    const uint32_t a = std::rotr(s[0], 2) ^ std::rotr(s[0], 13) ^ std::rotr(s[0], 22);
    const uint32_t second = a + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    std::memmove(s + 1, s, 7 * sizeof(uint32_t));
    s[4] += first;
    s[0] = first + second;
  }
  for (int i = 0; i < 8; ++i) state_[i] += s[i];
}

void Sha256::add(std::span<const std::byte> bytes) {
  length_ += bytes.size();
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  size_t left = bytes.size();
  while (left > 0) {
    if (n_pending_ == 0 && left >= 64) {
      block(data);
      data += 64;
      left -= 64;
      continue;
    }
    const size_t n = std::min(left, 64 - n_pending_);
    std::memcpy(pending_ + n_pending_, data, n);
    n_pending_ += n;
    data += n;
    left -= n;
    if (n_pending_ == 64) {
      block(pending_);
      n_pending_ = 0;
    }
  }
}

void Sha256::add(std::string_view text) { add(std::as_bytes(std::span(text.data(), text.size()))); }

std::string Sha256::finish() {
  const uint64_t bits = length_ * 8;
  const uint8_t one = 0x80, zero = 0;
  add(std::as_bytes(std::span(&one, 1)));
  while (n_pending_ != 56) add(std::as_bytes(std::span(&zero, 1)));
  uint8_t size[8];
  for (int i = 0; i < 8; ++i) size[i] = static_cast<uint8_t>(bits >> (56 - 8 * i));
  add(std::as_bytes(std::span(size)));
  std::string text;
  for (const uint32_t word : state_) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", word);
    text += digits;
  }
  return text;
}

/// Four lanes of 8 bytes, so that their multiplications overlap.
void Checksum::block(const std::byte* data) {
  for (int i = 0; i < 4; ++i) {
    uint64_t word;
    std::memcpy(&word, data + 8 * i, sizeof word);
    lanes_[i] = std::rotl(lanes_[i] ^ word, 29) * 0x9e3779b97f4a7c15u;
  }
}

void Checksum::add(std::span<const std::byte> bytes) {
  length_ += bytes.size();
  while (!bytes.empty()) {
    if (n_pending_ == 0 && bytes.size() >= sizeof pending_) {
      block(bytes.data());
      bytes = bytes.subspan(sizeof pending_);
      continue;
    }
    const size_t n = std::min(bytes.size(), sizeof pending_ - n_pending_);
    std::memcpy(pending_ + n_pending_, bytes.data(), n);
    bytes = bytes.subspan(n);
    n_pending_ = (n_pending_ + n) % sizeof pending_;
    if (n_pending_ == 0) block(pending_);
  }
}

uint64_t Checksum::finish() {
  const uint64_t length = length_;
  const std::byte zero{};
  while (n_pending_ != 0) add({&zero, 1});
  uint64_t sum = mixed(length);
  for (const uint64_t lane : lanes_) sum = mixed(sum ^ lane);
  return sum;
}

std::string sha256(std::string_view text) {
  Sha256 hash;
  hash.add(text);
  return hash.finish();
}

std::string sha256_of_file(const std::string& path) {
  const std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(path.c_str(), "rb"), &std::fclose);
  if (!file) throw Error(path + ": " + std::strerror(errno));
  Sha256 hash;
  std::byte buffer[65536];
  while (const size_t n = std::fread(buffer, 1, sizeof buffer, file.get())) hash.add({buffer, n});
  if (std::ferror(file.get())) throw Error(path + ": " + std::strerror(errno));
  return hash.finish();
}

}  // namespace lumir
