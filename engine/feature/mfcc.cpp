// Mel-frequency cepstral coefficients: the shape of the spectrum in few numbers.
//
// A cosine transform of mel bands in decibels: the first coefficient is loudness, the next ones say how the spectrum
// tilts and bends. Differences in time may be appended.

#include <cmath>
#include <numbers>

#include "feature/differences.h"
#include "feature/extractor.h"
#include "feature/mel.h"
#include "feature/row_axes.h"
#include "signal/cosine.h"
#include "signal/weights.h"

namespace lumir::feature {
namespace {

struct MfccOptions : MelOptions {
  int n_mfcc = 20;
  int dct_type = 2;
  std::optional<std::string> dct_norm = "ortho";
  double lifter = 0;
  int delta = 0;

  int rows() const { return n_mfcc * (1 + delta); }
  std::string row_name(int row) const {
    const char* const orders[] = {"mfcc", "mfcc_delta", "mfcc_delta2"};
    return numbered(orders[row / n_mfcc], row % n_mfcc, n_mfcc);
  }
  Axes axes(int) const {
    Axes axes = rows_of_what("coefficient");
    axes.measure = Measure::cepstrum;
    return axes;
  }
  int least_frames() const { return delta > 0 ? kDeltaWidth : 1; }
  void finish(Track out) const { append_deltas(out, n_mfcc, delta); }

  static Schema schema() {
    return extend(
        mel_schema_without_norm(),
        Option{"mel_norm", &MfccOptions::norm, "mel bands of equal area, or of equal height", Choices{"slaney"}},
        Option{"n_mfcc", &MfccOptions::n_mfcc, "coefficients to keep", Range{1, upto("n_mels")}},
        Option{"dct_type", &MfccOptions::dct_type, "which cosine transform", Range{1, 3}},
        Option{"norm", &MfccOptions::dct_norm, "the transform's rows have length 1, or not", Choices{"ortho"}},
        Option{"lifter", &MfccOptions::lifter, "cepstral liftering, 0 for none", kNonNegative},
        Option{"delta", &MfccOptions::delta, "orders of differences to append", Range{0, 2}});
  }

 private:
  /// Here `norm` is the cosine transform's, as in librosa.
  static Schema mel_schema_without_norm() {
    Schema mel = mel_schema<MfccOptions>();
    std::erase_if(mel, [](const Parameter& parameter) { return parameter.name == "norm"; });
    return mel;
  }
};

/// The cosine transform and the lifter, as one table.
struct CosineTransform : Weights {
  CosineTransform(const MfccOptions& options, int) : Weights(options.n_mfcc, options.n_mels) {
    if (options.dct_type == 1 && options.n_mels < 2) throw ArgumentError("'dct_type' = 1 needs n_mels = 2 or more");
    for (int k = 0; k < options.n_mfcc; ++k) {
      const double lift =
          options.lifter > 0 ? 1 + options.lifter / 2 * std::sin(std::numbers::pi * (k + 1) / options.lifter) : 1;
      for (int band = 0; band < options.n_mels; ++band) {
        const double weight = cosine_weight(options.dct_type, options.dct_norm.has_value(), options.n_mels, k, band);
        (*this)(k, band) = static_cast<float>(lift * weight);
      }
    }
  }
};

void mfcc(const MelDecibelFrames& bands, const CosineTransform& transform, Rows out) {
  multiply(transform, bands, out);
}

LUMIR_FEATURE(
    mfcc, MfccOptions,
    {
        .summary = "Mel-frequency cepstral coefficients: the shape of the spectrum in few numbers.",
        .returns = "[n_mfcc * (1 + delta), frames]",
        .example = "feature.mfcc(clip, { n_mfcc = 13 })",
        .source = "Davis and Mermelstein, Comparison of parametric representations (1980); librosa.feature.mfcc",
        .input = "clip",
    });

}  // namespace
}  // namespace lumir::feature
