// Mel bands over the shared spectrogram, and the same in decibels.

#pragma once

#include <optional>

#include "feature/plan/spectrum.h"
#include "feature/plan/terms.h"
#include "signal/mel_filters.h"

namespace lumir::feature {

/// A block of mel bands: [n_mels, kLanes].
struct MelFrames : FrameBlock {
  static NodePtr node(const MelOptions& options, int rate);
};
/// Mel bands of the whole clip in dB, at most 80 below the loudest: [n_mels, frames]; as blocks ...
struct MelDecibelFrames : FrameBlock {
  static NodePtr node(const MelOptions& options, int rate);
};
/// ... and as rows.
struct MelDecibels : Track {
  static NodePtr node(const MelOptions& options, int rate);
};
/// In dB with another range, or none.
NodePtr mel_decibels(const MelOptions& options, std::optional<double> top_db, int rate);

}  // namespace lumir::feature
