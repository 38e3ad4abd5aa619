// Differences in time: derivatives of a polynomial fitted to nine neighbouring frames (Savitzky and Golay, 1964).

#pragma once

#include "feature/blocks.h"

namespace lumir::feature {

/// Frames that one difference looks at, as librosa.feature.delta's default.
inline constexpr int kDeltaWidth = 9;

/// Rows 0 .. count - 1 are given; rows count .. (1 + orders) * count - 1 become their derivatives of order 1, 2. The
/// four frames at each end take the polynomial of the nearest whole window. Needs kDeltaWidth frames.
void append_deltas(Track rows, int count, int orders);

}  // namespace lumir::feature
