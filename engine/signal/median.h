// Sliding medians of many rows of numbers side by side, for harmonic-percussive separation.

#pragma once

#include <cstddef>

#include "signal/aligned.h"

namespace lumir::signal {

/// out[i][c] = the median of in[i][c], in[i + 1][c] ... in[i + size - 1][c], for i < count and c < columns:
/// the number of rank size / 2, so the upper one of the two in the middle where size is even, as in
/// scipy.ndimage.median_filter. `in` has count + size - 1 rows of `stride` floats; rows of both sides are
/// read and written up to a multiple of kMostLanes columns. No number is NaN.
void sliding_medians(const float* in, size_t stride, long columns, long count, int size, float* out, size_t out_stride);

/// out[c][r] = in[r][c] for rows and columns that are multiples of kMostLanes.
void exchange_rows(const float* in, size_t stride, long rows, long columns, float* out, size_t out_stride);

}  // namespace lumir::signal
