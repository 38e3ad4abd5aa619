// Spectrogram: the magnitude of each frequency in each frame, or a power of it.

#include "feature/extractor.h"
#include "feature/row_axes.h"

namespace lumir::feature {
namespace {

struct SpectrogramOptions : SpectrumOptions {
  double power = 1;

  int rows() const { return bins(); }
  Axes axes(int rate) const { return rows_in_hertz(bin_frequencies(n_fft, rate), power); }
  static Schema schema() {
    return extend(
        spectrum_schema<SpectrogramOptions>(),
        Option{"power", &SpectrogramOptions::power, "of the magnitude: 1 for itself, 2 for power", kPositive});
  }
};

NodePtr spectrogram(const SpectrogramOptions& options, int rate) { return spectrum_node(options, options.power, rate); }

LUMIR_FEATURE_NODE(spectrogram, SpectrogramOptions,
                   {
                       .summary = "Magnitude of each frequency in each frame, to a power.",
                       .returns = "[n_fft / 2 + 1, frames]; row i is at (i - 1) * rate / n_fft Hz",
                       .example = "feature.spectrogram(clip, { n_fft = 1024, power = 2 })",
                       .source = "numpy.abs(librosa.stft) ** power",
                       .input = "clip",
                   });

}  // namespace
}  // namespace lumir::feature
