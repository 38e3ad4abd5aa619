// Excerpts: equally long pieces of a clip, one after the other.

#include <algorithm>
#include <cmath>

#include "audio/arithmetic.h"
#include "core/interrupt.h"
#include "core/step.h"

namespace lumir::audio {
namespace {

struct ExcerptsOptions {
  double seconds = 5;
  std::optional<double> hop;
  double overlap = 0;
  std::optional<int> samples;
  std::optional<int> hop_samples;
  std::string rest = "drop";

  static Schema schema() {
    return {
        Option{"seconds", &ExcerptsOptions::seconds, "length of a piece", Unit{"s"}, kPositive},
        Option{"hop", &ExcerptsOptions::hop, "from start to start; 'none' is the length of a piece", Unit{"s"},
               kPositive},
        Option{"overlap", &ExcerptsOptions::overlap, "share of a piece that the next one has too, instead of a hop",
               Range{0, 0.999}},
        Option{"samples", &ExcerptsOptions::samples, "length of a piece, instead of seconds", Unit{"samples"},
               Range{1, 1 << 30}},
        Option{"hop_samples", &ExcerptsOptions::hop_samples, "from start to start, instead of hop", Unit{"samples"},
               Range{1, 1 << 30}},
        Option{"rest", &ExcerptsOptions::rest, "what happens to a shorter last piece; fill makes it whole with zeros",
               Choices{"drop", "keep", "fill"}}};
  }
};

size_t piece_length(const ExcerptsOptions& options, int rate) {
  if (options.samples) return static_cast<size_t>(*options.samples);
  return std::max<size_t>(1, samples_of(options.seconds, rate));
}

/// From start to start, in samples; at least 1, not always whole.
double hop_of(const ExcerptsOptions& options, size_t length, int rate) {
  const int ways = options.hop.has_value() + options.hop_samples.has_value() + (options.overlap > 0);
  if (ways > 1)
    throw ArgumentError("excerpts: 'hop', 'hop_samples' and 'overlap' say the same thing; give one of them");
  if (options.hop_samples) return *options.hop_samples;
  if (options.hop) return std::fmax(1, *options.hop * rate);
  if (options.overlap > 0) return std::fmax(1, (1 - options.overlap) * static_cast<double>(length));
  // pieces that follow each other do so without rounding each of their lengths
  return options.samples ? *options.samples : std::fmax(1, options.seconds * rate);
}

/// From `first` on; zeros beyond the end.
Clip piece(const Clip& clip, size_t first, size_t length) {
  return each_channel(clip, [&](std::span<const float> channel) {
    Floats out(length);
    std::copy_n(channel.begin() + static_cast<long>(first), std::min(length, channel.size() - first), out.begin());
    return out;
  });
}

Several excerpts(const Clip& clip, const ExcerptsOptions& options) {
  const size_t length = piece_length(options, clip.rate);
  const double hop = hop_of(options, length, clip.rate);
  Several pieces;
  size_t covered = 0;
  for (size_t k = 0;; ++k) {
    check_interrupt();
    const auto first = static_cast<size_t>(std::floor(static_cast<double>(k) * hop + 0.5));
    if (first + length <= clip.length()) {
      pieces.push_back(piece(clip, first, length));
      covered = first + length;
      continue;
    }
    const bool more = first < clip.length() && covered < clip.length();
    if (more && options.rest == "keep") pieces.push_back(piece(clip, first, clip.length() - first));
    if (more && options.rest == "fill") pieces.push_back(piece(clip, first, length));
    return pieces;
  }
}

const RegisterStep<ExcerptsOptions, Clip, Several> excerpts_step{
    "audio",
    "excerpts",
    excerpts,
    "a clip",
    {.summary = "Equally long pieces of a clip; a chain goes on with each.",
     .returns = "a list of Clips of [channels, seconds * rate]",
     .example = "audio.excerpts(clip, { seconds = 0.5, overlap = 0.5 })",
     .source = "Lumir's own",
     .input = "clip"}};

}  // namespace
}  // namespace lumir::audio
