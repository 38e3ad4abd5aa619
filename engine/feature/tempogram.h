// How similar an onset envelope is to itself some frames later.

#pragma once

#include <span>
#include <vector>

namespace lumir::feature {

/// The mean over frames of the local autocorrelation at lags 0 .. window - 1, each frame's normalised to a maximum of
/// 1: librosa's tempogram, averaged.
std::vector<double> mean_tempogram(std::span<const float> envelope, int window);

}  // namespace lumir::feature
