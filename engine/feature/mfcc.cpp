// Mel-frequency cepstral coefficients: the shape of the spectrum in few numbers.
//
// A cosine transform of mel bands in decibels: the first coefficient is loudness, the next ones say how the spectrum
// tilts and bends. Differences in time may be appended.

#include <cmath>
#include <numbers>

#include "feature/delta.h"
#include "feature/extractor.h"
#include "feature/mel.h"
#include "feature/weights.h"

namespace lumir::feature {
namespace {

struct MfccOptions : MelOptions {
  int n_mfcc = 20;
  double lifter = 0;
  int delta = 0;

  int rows() const { return n_mfcc * (1 + delta); }
  std::string row_name(int row) const {
    const char* const orders[] = {"mfcc", "mfcc_delta", "mfcc_delta2"};
    return numbered(orders[row / n_mfcc], row % n_mfcc, n_mfcc);
  }
  int least_frames() const { return delta > 0 ? kDeltaWidth : 1; }
  void finish(Track out) const { append_deltas(out, n_mfcc, delta); }

  static Schema schema() {
    return extend(mel_schema<MfccOptions>(),
                  Option{"n_mfcc", &MfccOptions::n_mfcc, "coefficients to keep", Range{1, upto("n_mels")}},
                  Option{"lifter", &MfccOptions::lifter, "cepstral liftering, 0 for none", kNonNegative},
                  Option{"delta", &MfccOptions::delta, "orders of differences to append", Range{0, 2}});
  }
};

/// The orthonormal cosine transform of type 2 and the lifter, as one table.
struct CosineTransform : Weights {
  CosineTransform(const MfccOptions& options, int) : Weights(options.n_mfcc, options.n_mels) {
    for (int k = 0; k < options.n_mfcc; ++k) {
      const double norm = std::sqrt((k == 0 ? 1.0 : 2.0) / options.n_mels);
      const double lift =
          options.lifter > 0 ? 1 + options.lifter / 2 * std::sin(std::numbers::pi * (k + 1) / options.lifter) : 1;
      for (int band = 0; band < options.n_mels; ++band) {
        const double phase = std::numbers::pi * k * (band + 0.5) / options.n_mels;
        (*this)(k, band) = static_cast<float>(norm * lift * std::cos(phase));
      }
    }
  }
};

void mfcc(const MelDecibelFrames& bands, const CosineTransform& transform, Rows out) { multiply(transform, bands, out); }

LUMIR_FEATURE(mfcc, MfccOptions, {
    .summary = "Mel-frequency cepstral coefficients: the shape of the spectrum in few numbers.",
    .returns = "[n_mfcc * (1 + delta), frames]",
    .example = "feature.mfcc(clip, { n_mfcc = 13 })",
    .source = "Davis and Mermelstein, Comparison of parametric representations (1980); librosa.feature.mfcc",
    .arguments = "clip",
});

}  // namespace
}  // namespace lumir::feature
