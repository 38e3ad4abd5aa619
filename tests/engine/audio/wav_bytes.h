// Wav files as bytes, written by the tests themselves: also those that no writer of ours would make.

#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "core/file.h"

namespace lumir::tests {

/// A header of any claim in front of any samples.
struct WavHeader {
  uint16_t format = 1;  // 1 integers, 3 float
  uint16_t channels = 1;
  uint32_t rate = 22050;
  uint16_t bits = 16;
  int64_t data_size = -1;  // -1: as many bytes as there are
};

template <class T>
void append(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

template <class T>
std::string wav_bytes(const WavHeader& header, const std::vector<T>& samples) {
  const auto size = static_cast<uint32_t>(header.data_size < 0 ? samples.size() * sizeof(T) : header.data_size);
  const auto frame = static_cast<uint16_t>(header.channels * header.bits / 8);
  std::string bytes = "RIFF";
  append(bytes, uint32_t{36} + size);
  bytes += "WAVEfmt ";
  append(bytes, uint32_t{16});
  append(bytes, header.format);
  append(bytes, header.channels);
  append(bytes, header.rate);
  append(bytes, uint32_t{header.rate * frame});
  append(bytes, frame);
  append(bytes, header.bits);
  bytes += "data";
  append(bytes, size);
  for (const T& sample : samples) append(bytes, sample);
  return bytes;
}

/// A WAVE_FORMAT_EXTENSIBLE of one channel at 8 kHz: `valid` bits in so many bytes.
inline std::string extensible_wav(uint16_t valid, uint16_t bytes_each, const std::string& samples) {
  std::string bytes = "RIFF";
  append(bytes, static_cast<uint32_t>(60 + samples.size()));
  bytes += "WAVEfmt ";
  append(bytes, uint32_t{40});
  append(bytes, uint16_t{0xfffe});
  append(bytes, uint16_t{1});
  append(bytes, uint32_t{8000});
  append(bytes, uint32_t{8000u * bytes_each});
  append(bytes, bytes_each);
  append(bytes, static_cast<uint16_t>(8 * bytes_each));
  append(bytes, uint16_t{22});
  append(bytes, valid);
  append(bytes, uint32_t{0});
  bytes += std::string("\1\0\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71", 16);
  bytes += "data";
  append(bytes, static_cast<uint32_t>(samples.size()));
  return bytes + samples;
}

/// A folder of one test, gone at its end.
struct Folder {
  std::string path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lumir-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::string file(const std::string& name, const std::string& bytes) const {
    write_file(path + "/" + name, bytes);
    return path + "/" + name;
  }
};

}  // namespace lumir::tests
