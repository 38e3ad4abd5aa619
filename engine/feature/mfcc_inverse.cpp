// The way back from cepstral coefficients: lifter, cosine transform, decibels.

#include "feature/mfcc_inverse.h"

#include <cmath>
#include <numbers>

#include "feature/extractor.h"
#include "signal/cosine.h"

namespace lumir::feature {

Frames bands_of_cepstrum(const Frames& coefficients, const CepstrumOptions& options, const std::string& who) {
  const auto n_mfcc = static_cast<int>(coefficients.rows);
  if (n_mfcc > options.n_mels) {
    throw ArgumentError(who + ": 'n_mels' = " + std::to_string(options.n_mels) + " is fewer than the " +
                        std::to_string(n_mfcc) + " coefficients");
  }
  Frames bands;
  bands.rows = static_cast<size_t>(options.n_mels);
  bands.frames = coefficients.frames;
  bands.frame_rate = coefficients.frame_rate;
  bands.parts = {{"mel", 0, bands.rows}};
  std::vector<double> decibels(bands.frames);
  for (int band = 0; band < options.n_mels; ++band) {
    bands.names.push_back(numbered("mel", band, options.n_mels));
    std::fill(decibels.begin(), decibels.end(), 0.0);
    for (int k = 0; k < n_mfcc; ++k) {
      const double lift =
          options.lifter > 0 ? 1 + options.lifter / 2 * std::sin(std::numbers::pi * (k + 1) / options.lifter) : 1;
      const double weight =
          inverse_cosine_weight(options.dct_type, options.dct_norm.has_value(), options.n_mels, k, band) / lift;
      const auto row = coefficients.row(static_cast<size_t>(k));
      for (size_t t = 0; t < decibels.size(); ++t) decibels[t] += weight * row[t];
    }
    for (const double value : decibels)
      bands.values.push_back(static_cast<float>(options.ref * std::pow(10.0, 0.1 * value)));
  }
  return bands;
}

}  // namespace lumir::feature
