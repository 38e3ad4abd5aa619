// Spectral flatness: 1 for noise, near 0 for a tone.

#include "feature/extractor.h"

namespace lumir::feature {
namespace {

struct SpectralFlatnessOptions : SpectrumOptions {
  double amin = 1e-10;
  double power = 2;

  static Schema schema() {
    return extend(
        spectrum_schema<SpectralFlatnessOptions>(),
        Option{"amin", &SpectralFlatnessOptions::amin, "numbers below count as this", Range{1e-30, 1}},
        Option{"power", &SpectralFlatnessOptions::power, "of the magnitude: 1 for energy, 2 for power", kPositive});
  }
};

/// The sum over the bins, by parts: one long sum of like numbers would lose their last digits.
template <class Value>
Lanes sum_of(int bins, Value value) {
  constexpr int kPart = 32;
  Lanes total{};
  for (int first = 0; first < bins; first += kPart) {
    Lanes part{};
    for (int bin = first; bin < bins && bin < first + kPart; ++bin) part += value(bin);
    total += part;
  }
  return total;
}

/// Geometric mean over arithmetic mean, as the mean of the logarithms of what bins are to the arithmetic mean.
void spectral_flatness(const PowerFrames& frames, const SpectralFlatnessOptions& options, Rows out) {
  const Lanes floor = splat(static_cast<float>(options.amin));
  const auto exponent = static_cast<float>(options.power / 2);
  const float share = 1.0f / static_cast<float>(frames.bins());
  const auto value = [&](int bin) { return max(exponent == 1 ? frames[bin] : pow(frames[bin], exponent), floor); };
  const Lanes mean = share * sum_of(frames.bins(), value);
  const Lanes logarithms = sum_of(frames.bins(), [&](int bin) { return log2(value(bin) / mean); });
  out[0] = min(exp2(share * logarithms), splat(1.0f));
}

LUMIR_FEATURE(
    spectral_flatness, SpectralFlatnessOptions,
    {
        .summary = "Geometric over arithmetic mean of each frame's power: 1 for noise, near 0 for a tone.",
        .returns = "[1, frames], 0 to 1",
        .example = "feature.spectral_flatness(clip)",
        .source = "Dubnov, Generalization of spectral flatness measure for non-Gaussian linear processes (2004)",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
