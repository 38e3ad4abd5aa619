// Spectral centroid: where the middle of a frame's spectrum lies.
//
// Brightness in one number. Every frame is weighted by magnitude, not power, as in librosa.

#include "feature/extractor.h"
#include "feature/number_axes.h"

namespace lumir::feature {
namespace {

struct SpectralCentroidOptions : SpectrumOptions {
  Axes axes(int) const { return numbers_in("Hz"); }
  static Schema schema() { return spectrum_schema<SpectralCentroidOptions>(); }
};

/// The mean frequency of each frame in Hz; 0 for a silent frame.
void spectral_centroid(const MagnitudeFrames& frames, const SpectralCentroidOptions&, Rows out) {
  Lanes weight{}, moment{};
  for (int bin = 0; bin < frames.bins(); ++bin) {
    weight += frames[bin];
    moment += frames[bin] * frames.frequency(bin);
  }
  out[0] = divide_or_zero(moment, weight);
}

LUMIR_FEATURE(spectral_centroid, SpectralCentroidOptions,
              {
                  .summary = "Mean frequency of each frame, weighted by magnitude.",
                  .returns = "[1, frames] in Hz",
                  .example = "feature.spectral_centroid(clip)",
                  .source = "Klapuri and Davy, Signal Processing Methods for Music Transcription (2006), ch. 5",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
