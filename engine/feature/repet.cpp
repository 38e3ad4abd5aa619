// REPET: a voice above music that comes again after a period.
//
// The period is the lag at which the power spectrogram is most like itself, summed over all bins: its beat spectrum.

#include <algorithm>
#include <cmath>

#include "core/error.h"
#include "core/interrupt.h"
#include "core/step.h"
#include "core/text.h"
#include "feature/repeating.h"
#include "tensor/linear_algebra.h"

namespace lumir::feature {
namespace {

struct RepetOptions : RepeatingOptions {
  std::optional<double> period;
  double min_period = 0.8;
  double max_period = 8;

  static Schema schema() {
    return extend(
        repeating_schema<RepetOptions>(),
        Option{"period", &RepetOptions::period,
               "after which the music repeats, at most a third of the clip; 'none' finds it", Unit{"s"}, kPositive},
        Option{"min_period", &RepetOptions::min_period, "the shortest that is looked for where 'period' is 'none'",
               Unit{"s"}, kPositive},
        Option{"max_period", &RepetOptions::max_period, "the longest of these, at most a third of the clip", Unit{"s"},
               Range{upto("min_period"), 3600}});
  }
};

constexpr size_t kBlock = 256;  // frames

/// How like itself the power is `lag` frames later, for lags from 0 to `most`: the mean product of frames.
std::vector<double> beat_spectrum(const Magnitudes& power, size_t most) {
  std::vector<double> sums(most + 1, 0.0);
  std::vector<float> products;
  for (size_t first = 0; first < power.frames; first += kBlock) {
    check_interrupt();
    const size_t count = std::min(kBlock, power.frames - first);
    const size_t others = std::min(count + most, power.frames - first);
    products.assign(count * others, 0.0f);
    tensor::multiply_block<float>(power.rows(first, count), power.rows(first, others), power.bins, products);
    for (size_t row = 0; row < count; ++row) {
      for (size_t lag = 0; lag <= most && row + lag < others; ++lag) sums[lag] += products[row * others + row + lag];
    }
  }
  for (size_t lag = 0; lag <= most; ++lag) sums[lag] /= static_cast<double>(power.frames - lag);
  return sums;
}

/// Frames of a time, rounded up.
size_t frames_of(double seconds, const audio::Clip& clip, const RepetOptions& options) {
  return static_cast<size_t>(std::ceil(seconds * clip.rate / options.hop()));
}

/// The median of two frames is their mean, which holds half of a voice.
void require_three(const std::string& option, double period, const audio::Clip& clip) {
  if (period <= clip.seconds() / 3) return;
  const auto hundredths = [](double seconds) { return show_number(std::round(seconds * 100) / 100); };
  throw ArgumentError("repet: three repetitions of '" + option + "' = " + show_number(period) + " s need a clip of " +
                      hundredths(3 * period) + " s, got " + hundredths(clip.seconds()) + " s");
}

void refuse_both(const RepetOptions& options) {
  const RepetOptions usual;
  const bool shortest = options.min_period != usual.min_period, longest = options.max_period != usual.max_period;
  if (!shortest && !longest) return;
  throw ArgumentError(std::string("repet: 'period' and '") + (shortest ? "min_period" : "max_period") +
                      "' exclude each other; give one of them");
}

/// The period in frames, of which there are three at least.
size_t find_period(std::span<const Magnitudes> channels, const audio::Clip& clip, const RepetOptions& options) {
  if (const size_t frames = channels.front().frames; frames < 3) {
    throw ArgumentError("repet: 'hop_length' = " + std::to_string(options.hop()) + " makes " + std::to_string(frames) +
                        (frames == 1 ? " frame" : " frames") + " of the clip; what repeats needs three");
  }
  if (options.period) {
    refuse_both(options);
    require_three("period", *options.period, clip);
    return frames_of(*options.period, clip, options);
  }
  require_three("min_period", options.min_period, clip);
  const double longest = std::min(options.max_period, clip.seconds() / 3);
  const size_t least = frames_of(options.min_period, clip, options);
  const Magnitudes power = mean_of_channels(channels, 2);
  const size_t most = std::min(frames_of(longest, clip, options), power.frames - 1);
  const auto likeness = beat_spectrum(power, most);
  const auto best = std::max_element(likeness.begin() + static_cast<long>(std::min(least, most)), likeness.end());
  return static_cast<size_t>(best - likeness.begin());
}

audio::Clip repet(const audio::Clip& clip, const RepetOptions& options) {
  const auto find = [&](std::span<const Magnitudes> channels) {
    Repetitions groups(find_period(channels, clip, options));
    for (size_t frame = 0; frame < channels.front().frames; ++frame) groups[frame % groups.size()].push_back(frame);
    return groups;
  };
  return repeating_part(clip, options, find, "repet");
}

const RegisterStep<RepetOptions, audio::Clip, audio::Clip> repet_step{
    "feature",
    "repet",
    repet,
    "a clip",
    {.summary = "The voice of a clip, or the music behind it: what does not repeat after a period, or what does.",
     .returns = "a Clip of [channels, samples]",
     .example = "feature.repet(clip, { min_period = 0.3 })",
     .source = "Rafii and Pardo, REpeating Pattern Extraction Technique (REPET): A Simple Method for Music/Voice "
               "Separation (2013); nussl.separation.primitive.Repet",
     .input = "clip"}};

}  // namespace
}  // namespace lumir::feature
