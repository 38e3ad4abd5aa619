// Whole clips at another rate.

#include "audio/resample.h"

#include <algorithm>

#include <samplerate.h>

#include "audio/soxr_stream.h"
#include "core/denormals.h"
#include "core/error.h"
#include "core/interrupt.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

constexpr size_t kPiece = 1 << 16;

size_t new_length(const Clip& clip, int rate) {
  const auto length = static_cast<unsigned long long>(clip.length());
  return static_cast<size_t>((length * static_cast<unsigned>(rate) + static_cast<unsigned>(clip.rate) - 1) /
                             static_cast<unsigned>(clip.rate));
}

SoxrQuality soxr_quality(const std::string& quality) {
  if (quality == "soxr_vhq") return SoxrQuality::kVeryHigh;
  return quality == "soxr_hq" ? SoxrQuality::kHigh : SoxrQuality::kMedium;
}

Floats with_soxr(std::span<const float> from, int from_rate, const ResampleOptions& options) {
  SoxrStream stream(1, from_rate, options.rate, soxr_quality(options.quality));
  Planes in(1), out(1);
  for (size_t at = 0; at < from.size(); at += kPiece) {
    check_interrupt();
    const auto piece = from.subspan(at, std::min(kPiece, from.size() - at));
    in[0].assign(piece.begin(), piece.end());
    stream.push(in, piece.size(), out);
  }
  stream.finish(out);
  return std::move(out[0]);
}

Floats with_libsamplerate(std::span<const float> from, int from_rate, const ResampleOptions& options, size_t length) {
  const int kind = options.quality == "sinc_best"     ? SRC_SINC_BEST_QUALITY
                   : options.quality == "sinc_medium" ? SRC_SINC_MEDIUM_QUALITY
                                                      : SRC_SINC_FASTEST;
  Floats out(length + 1);
  SRC_DATA data{};
  data.data_in = from.data();
  data.input_frames = static_cast<long>(from.size());
  data.data_out = out.data();
  data.output_frames = static_cast<long>(out.size());
  data.src_ratio = static_cast<double>(options.rate) / from_rate;
  const int problem = src_simple(&data, kind, 1);
  if (problem != 0) throw Error(std::string("resample: ") + src_strerror(problem));
  out.resize(static_cast<size_t>(data.output_frames_gen));
  return out;
}

void check_ratio(const Clip& clip, const ResampleOptions& options) {
  const double ratio = static_cast<double>(options.rate) / clip.rate;
  const bool soxr = options.quality.starts_with("soxr");
  if (soxr || (ratio <= 256 && ratio >= 1.0 / 256)) return;
  throw ArgumentError("resample: 'rate' = " + std::to_string(options.rate) + " is more than 256 times away from " +
                      std::to_string(clip.rate) + ", too far for '" + options.quality + "'");
}

const RegisterStep<ResampleOptions, Clip, Clip> resample_step{
    "audio",
    "resample",
    resample,
    "a clip",
    {.summary = "The same sound at another sample rate.",
     .returns = "a Clip of [channels, ceil(samples * rate / clip.rate)]",
     .example = "audio.resample(clip, { rate = 16000 })",
     .source = "librosa.resample; libsoxr and libsamplerate",
     .input = "clip"}};

}  // namespace

Schema ResampleOptions::schema() {
  return {Option{"rate", &ResampleOptions::rate, "the new sample rate", Unit{"Hz"}, Range{1, 768000}},
          Option{"quality", &ResampleOptions::quality, "filter",
                 Choices{"soxr_vhq", "soxr_hq", "soxr_mq", "sinc_best", "sinc_medium", "sinc_fastest"}}};
}

Clip resample(const Clip& clip, const ResampleOptions& options) {
  if (options.rate == clip.rate || clip.length() == 0) {
    Clip same = clip;
    same.rate = options.rate;
    return same;
  }
  check_ratio(clip, options);
  const FlushDenormals flush;
  const size_t length = new_length(clip, options.rate);
  Clip out{{}, clip.channels, options.rate};
  out.samples.reserve(length * static_cast<size_t>(clip.channels));
  for (int c = 0; c < clip.channels; ++c) {
    auto channel = options.quality.starts_with("soxr")
                       ? with_soxr(clip.channel(c), clip.rate, options)
                       : with_libsamplerate(clip.channel(c), clip.rate, options, length);
    channel.resize(length);
    out.samples.insert(out.samples.end(), channel.begin(), channel.end());
  }
  return out;
}

}  // namespace lumir::audio
