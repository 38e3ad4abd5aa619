// Beats in an onset envelope.

#pragma once

#include <span>
#include <vector>

namespace lumir::feature {

/// Frames of the beats of a tempo of `period` frames (at least 1), ascending; `tightness` says how closely
/// they follow it, `trim` leaves weak ones at both ends out. The envelope is not all 0. Ellis, Beat tracking
/// by dynamic programming (2007); librosa.beat.beat_track.
std::vector<long> find_beats(std::span<const float> envelope, long period, double tightness, bool trim);

}  // namespace lumir::feature
