// A resampler that takes sound in pieces: libsoxr behind swresample.
//
// Swresample's own engine is never used: it lets aliases through at -22 dB.

#pragma once

#include <memory>
#include <vector>

struct SwrContext;

namespace lumir::audio {

/// Channels of equal length, one vector each.
using Planes = std::vector<std::vector<float>>;

class SoxrStream {
 public:
  /// `precision` in bits: 16 low and medium, 20 high quality (soxr's HQ), 28 very high. Throws Error where this
  /// FFmpeg has no soxr or cannot make the ratio.
  SoxrStream(int channels, int from_rate, int to_rate, int precision = 20);
  SoxrStream(SoxrStream&&) noexcept = default;
  SoxrStream& operator=(SoxrStream&&) noexcept = default;
  /// Appends what comes out for the first `count` samples of every channel of `in`.
  void push(const Planes& in, size_t count, Planes& out);
  /// Appends the rest: together with what push gave, ceil(samples in * to / from) samples.
  void finish(Planes& out);

 private:
  void convert(const Planes* in, size_t count, Planes& out);
  struct Free {
    void operator()(SwrContext* context) const;
  };
  std::unique_ptr<SwrContext, Free> context_;
  Planes piece_;
  int from_;
  int to_;
  long long taken_ = 0;
  long long given_ = 0;
};

}  // namespace lumir::audio
