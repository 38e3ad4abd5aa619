// Cepstral coefficients back to mel bands.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "feature/frames_step.h"

namespace lumir::feature {

/// How the coefficients were made; librosa's names and defaults.
struct CepstrumOptions {
  int n_mels = 128;
  int dct_type = 2;
  std::optional<std::string> dct_norm = "ortho";
  double ref = 1;
  double lifter = 0;
};

/// Those options before others.
template <class S>
Schema cepstrum_schema() {
  return {Option{"n_mels", static_cast<int S::*>(&S::n_mels), "bands", Range{2, 4096}},
          Option{"dct_type", static_cast<int S::*>(&S::dct_type), "which cosine transform it was", Range{1, 3}},
          Option{"norm", static_cast<std::optional<std::string> S::*>(&S::dct_norm),
                 "the transform's rows had length 1, or not", Choices{"ortho"}},
          Option{"ref", static_cast<double S::*>(&S::ref), "the power of 0 dB", kPositive},
          Option{"lifter", static_cast<double S::*>(&S::lifter), "cepstral liftering, 0 for none", kNonNegative}};
}

/// Powers in mel bands, [n_mels, frames]: the coefficients that were left out count as 0.
Frames bands_of_cepstrum(const Frames& coefficients, const CepstrumOptions& options, const std::string& who);

}  // namespace lumir::feature
