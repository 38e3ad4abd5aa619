// Spectral bandwidth: how far a frame's spectrum spreads around its centroid.

#include "feature/extractor.h"
#include "feature/number_axes.h"

namespace lumir::feature {
namespace {

struct SpectralBandwidthOptions : SpectrumOptions {
  bool norm = true;
  double p = 2;

  Axes axes(int) const { return numbers_in("Hz"); }
  static Schema schema() {
    return extend(spectrum_schema<SpectralBandwidthOptions>(),
                  Option{"norm", &SpectralBandwidthOptions::norm, "weights of a frame sum to 1"},
                  Option{"p", &SpectralBandwidthOptions::p, "power that deviations are raised to", kPositive});
  }
};

/// The mean of |frequency - centroid|^p, its p-th root; 0 for a silent frame.
void spectral_bandwidth(const MagnitudeFrames& frames, const SpectralBandwidthOptions& options, Rows out) {
  Lanes weight{}, moment{};
  for (int bin = 0; bin < frames.bins(); ++bin) {
    weight += frames[bin];
    moment += frames[bin] * frames.frequency(bin);
  }
  const Lanes centroid = divide_or_zero(moment, weight);
  const auto p = static_cast<float>(options.p);
  Lanes spread{};
  if (p == 2) {
    for (int bin = 0; bin < frames.bins(); ++bin) {
      const Lanes deviation = frames.frequency(bin) - centroid;
      spread += frames[bin] * deviation * deviation;
    }
  } else {
    for (int bin = 0; bin < frames.bins(); ++bin) {
      spread += frames[bin] * pow(abs(frames.frequency(bin) - centroid), p);
    }
  }
  if (options.norm) spread = divide_or_zero(spread, weight);
  out[0] = p == 2 ? sqrt(spread) : pow(spread, 1 / p);
}

LUMIR_FEATURE(spectral_bandwidth, SpectralBandwidthOptions,
              {
                  .summary = "Spread of each frame's spectrum around its centroid.",
                  .returns = "[1, frames] in Hz",
                  .example = "feature.spectral_bandwidth(clip)",
                  .source = "Klapuri and Davy, Signal Processing Methods for Music Transcription (2006), ch. 5",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
