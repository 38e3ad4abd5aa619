// Harmonic-percussive separation: what is steady over time, and what is spread over frequency, as two sounds.

#pragma once

#include <functional>
#include <span>

#include "core/value.h"
#include "signal/framing.h"

namespace lumir::signal {

/// How sounds are told apart; librosa's names and defaults.
struct HpssOptions : SpectrumOptions {
  HpssOptions() { hop_length.reset(); }
  Value kernel_size = 31;
  double power = 2;
  Value margin = 1;
};

/// Those options as a schema of S.
template <class S>
Schema hpss_schema() {
  return extend(spectrum_schema<S>(),
                Option{"kernel_size", static_cast<Value S::*>(&S::kernel_size),
                       "frames and bins of the medians: 31, or { 31, 17 } for time and frequency",
                       Kind{"integer or list of integer"}},
                Option{"power", static_cast<double S::*>(&S::power), "of the soft masks; math.huge gives hard ones",
                       Range{above(0), kInfinity}},
                Option{"margin", static_cast<Value S::*>(&S::margin),
                       "how much stronger one sound must be: 1, or { 1, 5 } for harmonic and percussive",
                       Kind{"number or list of number"}});
}

/// Which of the two sounds are wanted.
struct HpssParts {
  bool harmonic = true;
  bool percussive = true;
};

/// A stretch of both sounds; what is not wanted is empty.
using HpssStretch = std::function<void(std::span<const float> harmonic, std::span<const float> percussive)>;

/// Calls `put` with the two sounds, stretch after stretch, together as long as `samples`. Memory does not
/// grow with the length of the clip. Throws ArgumentError "'kernel_size' = ..." for options that make no
/// sense. FitzGerald, Harmonic/percussive separation using median filtering (2010); Driedger, Mueller and
/// Disch, Extending harmonic-percussive separation of audio (2014); librosa.effects.hpss.
void separate(std::span<const float> samples, const HpssOptions& options, HpssParts parts, const HpssStretch& put);

}  // namespace lumir::signal
