// Spectral rolloff: the frequency below which most of a frame's magnitude lies.

#include "feature/extractor.h"
#include "feature/number_axes.h"

namespace lumir::feature {
namespace {

struct SpectralRolloffOptions : SpectrumOptions {
  double roll_percent = 0.85;

  Axes axes(int) const { return numbers_in("Hz"); }
  static Schema schema() {
    return extend(
        spectrum_schema<SpectralRolloffOptions>(),
        Option{"roll_percent", &SpectralRolloffOptions::roll_percent, "share that lies below", Range{1e-6, 1 - 1e-6}});
  }
};

/// The first bin whose running sum reaches the share, in Hz; 0 for a silent frame.
void spectral_rolloff(const MagnitudeFrames& frames, const SpectralRolloffOptions& options, Rows out) {
  Lanes total{};
  for (int bin = 0; bin < frames.bins(); ++bin) total += frames[bin];
  const Lanes threshold = static_cast<float>(options.roll_percent) * total;
  Lanes running{};
  IntLanes below{};
  for (int bin = 0; bin < frames.bins() - 1; ++bin) {
    running += frames[bin];
    below -= running < threshold;  // a true comparison is -1
  }
  out[0] = __builtin_convertvector(below, Lanes) * frames.hertz_per_row;
}

LUMIR_FEATURE(spectral_rolloff, SpectralRolloffOptions,
              {
                  .summary = "Frequency below which roll_percent of each frame's magnitude lies.",
                  .returns = "[1, frames] in Hz",
                  .example = "feature.spectral_rolloff(clip, { roll_percent = 0.95 })",
                  .source = "Tzanetakis and Cook, Musical genre classification of audio signals (2002)",
                  .input = "clip",
              });

}  // namespace
}  // namespace lumir::feature
