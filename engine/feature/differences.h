// Differences in time: derivatives of a polynomial fitted to neighbouring frames (Savitzky and Golay, 1964).

#pragma once

#include <string>
#include <vector>

#include "feature/plan/terms.h"
#include "signal/blocks.h"

namespace lumir::feature {

/// Frames that one difference looks at, as librosa.feature.delta's default.
inline constexpr int kDeltaWidth = 9;

/// Weights of `width` neighbours (odd) for the derivative of order `order` of the polynomial of
/// that degree through them.
std::vector<float> derivative_weights(int width, int order);

/// to[t] = sum over k of weights[k] * from[t + k], for t = 0 .. n - 1.
void weigh_neighbours(const float* from, float* to, long n, const float* weights, int width);

/// Rows 0 .. count - 1 are given; rows count .. (1 + orders) * count - 1 become their derivatives of order 1, 2. The
/// four frames at each end take the polynomial of the nearest whole window. Needs kDeltaWidth frames.
void append_deltas(Track rows, int count, int orders);

}  // namespace lumir::feature
