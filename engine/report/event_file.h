// Event files: named numbers by step, as TensorBoard draws them (`tensorboard --logdir runs`).
//
// A file is a row of records of TFRecord: a length, the bytes of one Event (a protocol buffer), and a checksum behind
// each of the two. What is needed of that is little, so it is written here by hand. Records are appended whole, so a
// killed run leaves at most a torn last one, which TensorBoard passes over.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumir::report {

struct Scalar {
  std::string tag;  // "loss"; tags that share what stands before a '/' share a card
  double value = 0;
};

/// How often numbers lie where: `counts[i]` of them are at most `limits[i]` and above the limit before.
struct Histogram {
  double min = 0, max = 0, count = 0, sum = 0, sum_of_squares = 0;
  std::vector<double> limits, counts;
};
/// In so many ranges of one width from the least to the largest; numbers that are not finite are left out.
Histogram histogram_of(std::span<const double> values, int ranges = 30);

/// CRC-32C (Castagnoli) of bytes.
uint32_t crc32c(std::string_view bytes);

class EventFile {
 public:
  /// In a folder that is made with the first event, under a name that sorts behind those of earlier files.
  explicit EventFile(std::string folder);
  const std::string& folder() const { return folder_; }

  /// Seconds since 1970.
  static double now();
  /// Has what earlier files of the folder hold from this step on forgotten: a resumed run does it again.
  void begin_again(int64_t step, double time = now());
  /// Throws Error where the folder cannot be written.
  void add(std::span<const Scalar> scalars, int64_t step, double time = now());
  void add(const std::string& tag, const Histogram& histogram, int64_t step, double time = now());

 private:
  void append(int64_t step, double time, const std::string& what);
  std::string folder_;
  std::string path_;  // empty before the first event
};
using EventFilePtr = std::shared_ptr<EventFile>;

}  // namespace lumir::report
