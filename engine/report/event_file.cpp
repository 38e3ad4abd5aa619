// The bytes of event files.
//
// Sources: TensorFlow's lib/io/record_writer.h (records), util/event.proto and framework/summary.proto (fields);
// Castagnoli et al., Optimization of Cyclic Redundancy-Check Codes (1993).

#include "report/event_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

#include <unistd.h>

#include "core/error.h"

namespace lumir::report {
namespace {

constexpr std::array<uint32_t, 256> kCrcOfByte = [] {
  constexpr uint32_t kReversedPolynomial = 0x82f63b78;
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? kReversedPolynomial : 0);
    table[byte] = crc;
  }
  return table;
}();

/// Least significant byte first.
template <class Number>
std::string bytes_of(Number number) {
  std::string bytes;
  for (size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>(number >> (8 * i));
  return bytes;
}

/// TFRecord's checksums are masked, so that one over data that holds checksums stays good.
std::string masked_crc(std::string_view bytes) {
  const uint32_t crc = crc32c(bytes);
  return bytes_of<uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8U);
}

std::string record(std::string_view data) {
  const std::string length = bytes_of<uint64_t>(data.size());
  return length + masked_crc(length) + std::string(data) + masked_crc(data);
}

// What a protocol buffer's field begins with: its number, and how its value is laid out.
enum class Wire { varint = 0, fixed64 = 1, delimited = 2, fixed32 = 5 };

std::string varint(uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7) bytes += static_cast<char>(number | 0x80);
  return bytes + static_cast<char>(number);
}

std::string key(int field, Wire wire) { return varint(static_cast<uint64_t>(field << 3 | static_cast<int>(wire))); }

std::string whole_field(int field, int64_t number) {
  return key(field, Wire::varint) + varint(static_cast<uint64_t>(number));
}
std::string double_field(int field, double number) {
  return key(field, Wire::fixed64) + bytes_of(std::bit_cast<uint64_t>(number));
}
std::string float_field(int field, float number) {
  return key(field, Wire::fixed32) + bytes_of(std::bit_cast<uint32_t>(number));
}
/// Text, or a message within a message.
std::string bytes_field(int field, std::string_view bytes) {
  return key(field, Wire::delimited) + varint(bytes.size()) + std::string(bytes);
}
std::string doubles_field(int field, std::span<const double> numbers) {
  std::string packed;
  for (const double number : numbers) packed += bytes_of(std::bit_cast<uint64_t>(number));
  return bytes_field(field, packed);
}

// event.proto: Event { wall_time = 1, step = 2, file_version = 3, summary = 5, session_log = 7 }
std::string event(double time, int64_t step, const std::string& what) {
  return double_field(1, time) + (step == 0 ? "" : whole_field(2, step)) + what;
}
std::string file_version() { return bytes_field(3, "brain.Event:2"); }
std::string session_start() { return bytes_field(7, whole_field(1, 1)); }

// summary.proto: Summary { value = 1 }, Value { tag = 1, simple_value = 2, histo = 5 }
std::string value_of(const Scalar& scalar) {
  return bytes_field(1, bytes_field(1, scalar.tag) + float_field(2, static_cast<float>(scalar.value)));
}
std::string value_of(const std::string& tag, const Histogram& histogram) {
  const std::string numbers = double_field(1, histogram.min) + double_field(2, histogram.max) +
                              double_field(3, histogram.count) + double_field(4, histogram.sum) +
                              double_field(5, histogram.sum_of_squares) + doubles_field(6, histogram.limits) +
                              doubles_field(7, histogram.counts);
  return bytes_field(1, bytes_field(1, tag) + bytes_field(5, numbers));
}
std::string summary(const std::string& values) { return bytes_field(5, values); }

/// Behind what a file holds; where not all fits, none of it stays.
void append_whole(const std::string& path, const std::string& bytes) {
  std::error_code problem;
  const auto before = std::filesystem::file_size(path, problem);
  std::ofstream file(path, std::ios::binary | std::ios::app);
  file << bytes << std::flush;
  if (file) return;
  const std::string why = std::strerror(errno);
  file.close();
  std::filesystem::resize_file(path, problem ? 0 : before, problem);
  throw Error(path + ": " + why);
}

}  // namespace

uint32_t crc32c(std::string_view bytes) {
  uint32_t crc = ~0U;
  for (const char byte : bytes) crc = (crc >> 8) ^ kCrcOfByte[(crc ^ static_cast<uint8_t>(byte)) & 0xff];
  return ~crc;
}

Histogram histogram_of(std::span<const double> values, int ranges) {
  Histogram histogram;
  histogram.min = std::numeric_limits<double>::infinity();
  histogram.max = -histogram.min;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    histogram.min = std::min(histogram.min, value);
    histogram.max = std::max(histogram.max, value);
    histogram.count += 1;
    histogram.sum += value;
    histogram.sum_of_squares += value * value;
  }
  if (histogram.count == 0) return {};
  const double width = (histogram.max - histogram.min) / ranges;
  for (int i = 1; i < ranges; ++i) histogram.limits.push_back(histogram.min + i * width);
  histogram.limits.push_back(histogram.max);
  histogram.counts.resize(histogram.limits.size());
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    const auto range = std::lower_bound(histogram.limits.begin(), histogram.limits.end(), value);
    histogram.counts[static_cast<size_t>(range - histogram.limits.begin())] += 1;
  }
  return histogram;
}

EventFile::EventFile(std::string folder) : folder_(std::move(folder)) {}

double EventFile::now() {
  using Seconds = std::chrono::duration<double>;
  return Seconds(std::chrono::system_clock::now().time_since_epoch()).count();
}

void EventFile::begin_again(int64_t step, double time) { append(step, time, session_start()); }

void EventFile::add(std::span<const Scalar> scalars, int64_t step, double time) {
  std::string values;
  for (const Scalar& scalar : scalars) values += value_of(scalar);
  append(step, time, summary(values));
}

void EventFile::add(const std::string& tag, const Histogram& histogram, int64_t step, double time) {
  append(step, time, summary(value_of(tag, histogram)));
}

void EventFile::append(int64_t step, double time, const std::string& what) {
  std::string bytes;
  if (path_.empty()) {
    std::error_code problem;
    std::filesystem::create_directories(folder_, problem);
    if (problem) throw Error(folder_ + ": " + problem.message());
    char name[80];
    std::snprintf(name, sizeof name, "/events.out.tfevents.%010lld.lumir.%ld", static_cast<long long>(time),
                  static_cast<long>(getpid()));
    path_ = folder_ + name;
    bytes = record(event(time, 0, file_version()));
  }
  append_whole(path_, bytes + record(event(time, step, what)));
}

}  // namespace lumir::report
