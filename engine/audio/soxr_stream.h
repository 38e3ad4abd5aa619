// A resampler that takes sound in pieces: libsoxr, spoken to directly.
//
// Swresample can drive the same library, but its wrapper (FFmpeg 5.1) writes to address 0 when a piece gives more than
// its output buffer holds; and its own engine lets aliases through at -22 dB. The samples are the same either way.

#pragma once

#include <memory>
#include <vector>

#include "core/spill.h"

struct soxr;

namespace lumir::audio {

/// Channels of equal length, one vector each.
using Planes = std::vector<Floats>;

enum class SoxrQuality { kMedium, kHigh, kVeryHigh };

class SoxrStream {
 public:
  /// Rates may be fractions. Throws Error where soxr cannot make the ratio.
  SoxrStream(int channels, double from_rate, double to_rate, SoxrQuality quality = SoxrQuality::kHigh);
  /// Appends to `out` what comes out for `count` samples of every channel of `in`, the first one at `from`.
  void push(const Planes& in, size_t count, Planes& out, size_t from = 0);
  /// Appends the rest: together with what push gave, ceil(samples in * to / from) samples.
  void finish(Planes& out);

 private:
  void convert(const Planes* in, size_t from, size_t count, Planes& out);
  struct Free {
    void operator()(soxr* resampler) const;
  };
  std::unique_ptr<soxr, Free> resampler_;
  Planes piece_;
  double from_;
  double to_;
  long long taken_ = 0;
  long long given_ = 0;
};

}  // namespace lumir::audio
