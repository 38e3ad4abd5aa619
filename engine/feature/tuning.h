// The tuning of a recording: how far its notes lie from A = 440 Hz.

#pragma once

#include "feature/plan/spectrum.h"

namespace lumir::feature {

/// A node whose scalar is the deviation in fractions of a bin of `bins_per_octave`, -0.5 up to 0.5, as
/// librosa.estimate_tuning finds it in a spectrogram of that power of the magnitude.
NodePtr tuning_node(const SpectrumOptions& options, double power, int bins_per_octave, int rate);

}  // namespace lumir::feature
