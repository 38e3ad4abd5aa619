// Mel bands: triangles over the bins of a spectrogram, evenly spaced on the mel scale.

#pragma once

#include <optional>
#include <string>

#include "signal/filter_bank.h"
#include "signal/framing.h"

namespace lumir::signal {

/// How mel bands are made; librosa's names and defaults.
struct MelOptions : SpectrumOptions {
  int n_mels = 128;
  double fmin = 0;
  std::optional<double> fmax;
  bool htk = false;
  std::optional<std::string> norm = "slaney";
  double power = 2;
};

/// Those options as the beginning of S's schema.
template <class S>
Schema mel_schema() {
  return extend(
      spectrum_schema<S>(), Option{"n_mels", static_cast<int S::*>(&S::n_mels), "bands", Range{1, 4096}},
      Option{"fmin", static_cast<double S::*>(&S::fmin), "lowest frequency", Unit{"Hz"}, kNonNegative},
      Option{"fmax", static_cast<std::optional<double> S::*>(&S::fmax), "highest frequency; 'none' is half the rate",
             Unit{"Hz"}, kPositive},
      Option{"htk", static_cast<bool S::*>(&S::htk), "HTK's mel scale instead of Slaney's"},
      Option{"norm", static_cast<std::optional<std::string> S::*>(&S::norm), "bands of equal area, or of equal height",
             Choices{"slaney"}},
      Option{"power", static_cast<double S::*>(&S::power), "of the magnitude: 1 for energy, 2 for power", kPositive});
}

/// The triangles, as librosa.filters.mel; throws ArgumentError where fmax and fmin leave no room.
FilterBank mel_filters(const MelOptions& options, int rate);

}  // namespace lumir::signal
