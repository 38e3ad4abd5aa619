// Phases for a spectrogram that has none.

#pragma once

#include <optional>
#include <string>

#include "core/spill.h"
#include "signal/inverse.h"
#include "signal/stft.h"

namespace lumir::signal {

/// How phases are looked for; librosa's names and defaults.
struct PhaseOptions : InverseOptions {
  int n_iter = 32;
  double momentum = 0.99;
  std::optional<std::string> init = "random";
  std::string pad_mode = "constant";
  std::optional<int> seed;
};

/// Those options as the beginning of S's schema.
template <class S>
Schema phase_schema() {
  return extend(
      inverse_schema<S>(),
      Option{"n_iter", static_cast<int S::*>(&S::n_iter), "rounds there and back", Range{0, 100000}},
      Option{"momentum", static_cast<double S::*>(&S::momentum), "how much of the last step is taken again",
             Range{0, 10}},
      Option{"init", static_cast<std::optional<std::string> S::*>(&S::init), "phases to begin with; 'none' is 0",
             Choices{"random"}},
      Option{"pad_mode", static_cast<std::string S::*>(&S::pad_mode), "what stands beyond the ends of a centred clip",
             Choices{"constant", "edge", "reflect", "symmetric"}},
      Option{"seed", static_cast<std::optional<int> S::*>(&S::seed),
             "of what is random; 'none' takes that of lumir.seed"});
}

/// The sound whose magnitudes come near those of `sizes` (its real parts); `who` begins error texts.
/// Perraudin, Balazs and Soendergaard, A fast Griffin-Lim algorithm (2013).
Floats find_sound(const Spectra& sizes, const PhaseOptions& options, const std::string& who);

}  // namespace lumir::signal
