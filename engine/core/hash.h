// sha256, for cache keys, data hashes and the identity of model files.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace lumir {

class Sha256 {
 public:
  Sha256();
  void add(std::span<const std::byte> bytes);
  void add(std::string_view text);
  /// 64 hexadecimal digits; ends the hash.
  std::string finish();

 private:
  void block(const uint8_t* data);
  uint32_t state_[8];
  uint8_t pending_[64];
  size_t n_pending_ = 0;
  uint64_t length_ = 0;
};

/// Tells damaged bytes from whole ones, many times faster than sha256; no help against malice.
class Checksum {
 public:
  void add(std::span<const std::byte> bytes);
  /// Ends it.
  uint64_t finish();

 private:
  void block(const std::byte* data);
  uint64_t lanes_[4] = {1, 2, 3, 4};
  std::byte pending_[32];
  size_t n_pending_ = 0;
  uint64_t length_ = 0;
};

std::string sha256(std::string_view text);
/// Of a file's bytes; throws Error where it cannot be read.
std::string sha256_of_file(const std::string& path);

}  // namespace lumir
