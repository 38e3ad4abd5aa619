// Spectral RMS: how loud each frame is, from its spectrum.
//
// What librosa called rmse(S = ...) before version 0.6, and what FMA's published features hold: the root of the mean of
// squared magnitudes, neither divided by the frame's length nor freed of the window.

#include "feature/extractor.h"

namespace lumir::feature {
namespace {

struct SpectralRmsOptions : SpectrumOptions {
  static Schema schema() { return spectrum_schema<SpectralRmsOptions>(); }
};

void spectral_rms(const PowerFrames& frames, const SpectralRmsOptions&, Rows out) {
  Lanes total{};
  for (int bin = 0; bin < frames.bins(); ++bin) total += frames[bin];
  out[0] = sqrt(total / static_cast<float>(frames.bins()));
}

LUMIR_FEATURE(spectral_rms, SpectralRmsOptions,
              {
                  .summary = "Root of the mean square of each frame's magnitudes.",
                  .returns = "[1, frames]",
                  .example = "feature.spectral_rms(clip)",
                  .source = "librosa.feature.rmse(S) of librosa 0.5",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
