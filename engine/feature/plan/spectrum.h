// The spectrogram that features share: its frames, block by block.

#pragma once

#include "feature/plan/node.h"
#include "feature/plan/terms.h"
#include "signal/blocks.h"
#include "signal/framing.h"

namespace lumir::feature {

/// A block of |STFT|^2: [n_fft / 2 + 1, kLanes].
struct PowerFrames : SpectrumBlock {
  static NodePtr node(const SpectrumOptions& options, int rate);
};
/// A block of |STFT|: [n_fft / 2 + 1, kLanes].
struct MagnitudeFrames : SpectrumBlock {
  static NodePtr node(const SpectrumOptions& options, int rate);
};
/// A block of |STFT|^power for any power above 0.
NodePtr spectrum_node(const SpectrumOptions& options, double power, int rate);

}  // namespace lumir::feature
