// Savitzky-Golay derivatives of width 9: the same numbers as librosa.feature.delta of order 1 and 2.

#include "feature/delta.h"

#include <algorithm>
#include <string>

#include "feature/kernel.h"

namespace lumir::feature {
namespace {

constexpr int kHalf = kDeltaWidth / 2;

/// Slope of the line through nine points: k / sum of k^2.
constexpr float kSlope[kDeltaWidth] = {-4 / 60.0f, -3 / 60.0f, -2 / 60.0f, -1 / 60.0f, 0,
                                       1 / 60.0f,  2 / 60.0f,  3 / 60.0f,  4 / 60.0f};
/// Second derivative of the parabola through nine points: 2 (k^2 - 20 / 3) / sum of (k^2 - 20 / 3)^2, the sum 308.
constexpr float curvature(int k) { return static_cast<float>(2 * (k * k - 20 / 3.0) / 308); }
constexpr float kCurvature[kDeltaWidth] = {curvature(4), curvature(3), curvature(2), curvature(1), curvature(0),
                                           curvature(1), curvature(2), curvature(3), curvature(4)};

}  // namespace

void differentiate(const float* from, float* to, long frames, const float* weights) {
  const long last = frames - kDeltaWidth;  // where the last whole window begins
  for (long t = 0; t <= last; t += kLanes) {
    const long begin = std::max(0L, std::min(t, last + 1 - kLanes));
    if (last + 1 < kLanes) break;
    Lanes sum{};
    for (int k = 0; k < kDeltaWidth; ++k) sum += weights[k] * load(from + begin + k);
    store(to + begin + kHalf, sum);
  }
  for (long t = 0; t <= last && last + 1 < kLanes; ++t) {
    float sum = 0;
    for (int k = 0; k < kDeltaWidth; ++k) sum += weights[k] * from[t + k];
    to[t + kHalf] = sum;
  }
  // a derivative of the highest order is constant over its window, so the ends repeat the nearest one
  std::fill(to, to + kHalf, to[kHalf]);
  std::fill(to + frames - kHalf, to + frames, to[frames - kHalf - 1]);
}

void append_deltas(Track rows, int count, int orders) {
  for (int order = 1; order <= orders; ++order) {
    const float* weights = order == 1 ? kSlope : kCurvature;
    for (int i = 0; i < count; ++i) {
      differentiate(rows.row(i).data(), rows.row(order * count + i).data(), rows.frames, weights);
    }
  }
}

LUMIR_KERNEL(append_deltas);

}  // namespace lumir::feature
