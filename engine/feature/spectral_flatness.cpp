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

/// Geometric mean over arithmetic mean.
void spectral_flatness(const PowerFrames& frames, const SpectralFlatnessOptions& options, Rows out) {
  const Lanes floor = splat(static_cast<float>(options.amin));
  const auto exponent = static_cast<float>(options.power / 2);
  const float share = 1.0f / static_cast<float>(frames.bins());
  Lanes logarithms{}, sum{};
  for (int bin = 0; bin < frames.bins(); ++bin) {
    const Lanes value = max(exponent == 1 ? frames[bin] : pow(frames[bin], exponent), floor);
    logarithms += log2(value);
    sum += value;
  }
  out[0] = exp2(share * logarithms) / (share * sum);
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
