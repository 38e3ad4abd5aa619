// Mel bands back to bins.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "audio/clip.h"
#include "feature/mel.h"
#include "feature/plan/terms.h"
#include "signal/phases.h"
#include "signal/stft.h"

namespace lumir::feature {

/// How the bands were made; librosa's names and defaults.
struct BandOptions {
  double fmin = 0;
  std::optional<double> fmax;
  bool htk = false;
  std::optional<std::string> mel_norm = "slaney";
  double power = 2;
};

/// Those options behind others.
template <class S>
Schema with_bands(Schema schema, const char* norm_name) {
  return extend(
      std::move(schema),
      Option{"fmin", static_cast<double S::*>(&S::fmin), "lowest frequency", Unit{"Hz"}, kNonNegative},
      Option{"fmax", static_cast<std::optional<double> S::*>(&S::fmax), "highest frequency; 'none' is half the rate",
             Unit{"Hz"}, kPositive},
      Option{"htk", static_cast<bool S::*>(&S::htk), "HTK's mel scale instead of Slaney's"},
      Option{norm_name, static_cast<std::optional<std::string> S::*>(&S::mel_norm),
             "bands of equal area, or of equal height", Choices{"slaney"}},
      Option{"power", static_cast<double S::*>(&S::power), "of the magnitude: 1 for energy, 2 for power", kPositive});
}

/// The magnitudes, none negative, whose mel bands come nearest to `bands`: [n_mels, frames], row after row.
/// They stand in the real parts. Throws ArgumentError where fmin and fmax do not fit the rate.
Spectra magnitudes_of_bands(const std::vector<float>& bands, int n_mels, const BandOptions& options, int n_fft,
                            int rate, const std::string& who);

/// Those magnitudes as a sound of one channel, with phases that suit them. n_fft and rate stand in `phases`.
audio::Clip sound_of_bands(const std::vector<float>& bands, int n_mels, const BandOptions& options,
                           const PhaseOptions& phases, const std::string& who);

}  // namespace lumir::feature
