// Walking over the chunks of a RIFF, RIFX or RF64 file.

#include "audio/wav_header.h"

#include <unistd.h>
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace lumir::audio {
namespace {

constexpr int kMostChunks = 1000;          // before the samples
constexpr uint64_t kUnknown = 0x7fff0000;  // lengths from here on are written where it is not known
constexpr uint64_t kMostBytes = uint64_t{1} << 62;

/// Some bytes of a file, as numbers in its byte order; 0 beyond its end.
struct Bytes {
  std::array<unsigned char, 48> bytes{};
  bool big_endian = false;

  Bytes(int file, long long at, bool big) : big_endian(big) {
    if (pread(file, bytes.data(), bytes.size(), at) < 8) bytes.fill(0);
  }
  uint64_t number(size_t at, size_t size) const {
    uint64_t value = 0;
    for (size_t i = 0; i < size; ++i) value = value << 8 | bytes[at + (big_endian ? i : size - 1 - i)];
    return value;
  }
  bool tag(size_t at, const char* name) const { return std::memcmp(bytes.data() + at, name, 4) == 0; }
};

/// "s16le" and the like; empty where there is no such way.
std::string samples_of(bool floats, uint64_t bytes, bool big_endian) {
  if (!floats && bytes == 1) return "u8";
  const bool known = floats ? bytes == 4 || bytes == 8 : bytes >= 2 && bytes <= 4;
  return known ? (floats ? "f" : "s") + std::to_string(8 * bytes) + (big_endian ? "be" : "le") : "";
}

/// The chunk "fmt ", whose content begins at byte 8 of `chunk`; false where samples are coded.
bool read_format(const Bytes& chunk, WavHeader& header) {
  constexpr uint64_t kIntegers = 1, kFloats = 3, kExtensible = 0xfffe;
  uint64_t format = chunk.number(8, 2);
  if (format == kExtensible) format = chunk.number(32, 2);
  const uint64_t channels = chunk.number(10, 2), rate = chunk.number(12, 4);
  const uint64_t block = chunk.number(20, 2), bits = chunk.number(22, 2);
  if ((format != kIntegers && format != kFloats) || channels == 0 || block % channels != 0) return false;
  const uint64_t bytes = block / channels;
  if (rate == 0 || rate > INT32_MAX || bits == 0 || bits > 8 * bytes) return false;
  header.samples = samples_of(format == kFloats, bytes, chunk.big_endian);
  header.channels = static_cast<int>(channels);
  header.rate = static_cast<int>(rate);
  header.block = static_cast<int>(block);
  return !header.samples.empty();
}

}  // namespace

std::optional<WavHeader> read_wav_header(int file) {
  const Bytes start(file, 0, false);
  const bool big_endian = start.tag(0, "RIFX");
  if (!(start.tag(0, "RIFF") || start.tag(0, "RF64") || big_endian) || !start.tag(8, "WAVE")) return std::nullopt;
  WavHeader header;
  uint64_t wide = 0;  // length of the samples where 32 bits do not hold it
  long long at = 12;
  for (int chunks = 0; chunks < kMostChunks; ++chunks) {
    const Bytes chunk(file, at, big_endian);
    const uint64_t size = chunk.number(4, 4);
    if (chunk.tag(0, "ds64")) wide = chunk.number(16, 8);
    if (chunk.tag(0, "fmt ") && !read_format(chunk, header)) return std::nullopt;
    if (chunk.tag(0, "data")) {
      header.begin = at + 8;
      const uint64_t bytes = size >= kUnknown && wide > 0 ? wide : size >= kUnknown ? 0 : size;
      if (bytes > 0 && bytes < kMostBytes) header.bytes = static_cast<long long>(bytes);
      return header.samples.empty() ? std::nullopt : std::optional(header);
    }
    if (size == 0 && chunk.number(0, 4) == 0) return std::nullopt;  // the end
    at += static_cast<long long>(8 + size + size % 2);
  }
  return std::nullopt;
}

}  // namespace lumir::audio
