// Savitzky-Golay derivatives: the same numbers as librosa.feature.delta.

#include "feature/differences.h"

#include <algorithm>

#include "core/spill.h"
#include "signal/kernel.h"

namespace lumir::feature {

/// The leading coefficient of the fitted polynomial is the sum of y p over that of p^2, p being the polynomial of this
/// degree, with leading coefficient 1, that is orthogonal on the window to all of lower degree (Gram's).
std::vector<float> derivative_weights(int width, int order) {
  const auto n = static_cast<size_t>(width);
  std::vector<double> before(n, 0.0), current(n, 1.0);
  double square_before = 1, square = width, factorial = 1;
  for (int degree = 1; degree <= order; ++degree) {
    std::vector<double> next(n);
    double next_square = 0;
    for (size_t i = 0; i < n; ++i) {
      const double x = static_cast<double>(i) - (width - 1) / 2.0;
      next[i] = x * current[i] - (degree > 1 ? square / square_before * before[i] : 0);
      next_square += next[i] * next[i];
    }
    before = std::move(current);
    current = std::move(next);
    square_before = square;
    square = next_square;
    factorial *= degree;
  }
  std::vector<float> weights;
  for (double value : current) weights.push_back(static_cast<float>(factorial * value / square));
  return weights;
}

void weigh_neighbours(const float* from, float* to, long n, const float* weights, int width) {
  long t = 0;
  for (; t + kLanes <= n; t += kLanes) {
    Lanes sum{};
    for (int k = 0; k < width; ++k) sum += weights[k] * load(from + t + k);
    store(to + t, sum);
  }
  for (; t < n; ++t) {
    float sum = 0;
    for (int k = 0; k < width; ++k) sum += weights[k] * from[t + k];
    to[t] = sum;
  }
}

void append_deltas(Track rows, int count, int orders) {
  constexpr int half = kDeltaWidth / 2;
  for (int order = 1; order <= orders; ++order) {
    const auto weights = derivative_weights(kDeltaWidth, order);
    for (int i = 0; i < count; ++i) {
      float* to = rows.row(order * count + i).data();
      const long whole = rows.frames - kDeltaWidth + 1;  // windows inside the row
      weigh_neighbours(rows.row(i).data(), to + half, whole, weights.data(), kDeltaWidth);
      // a derivative of the highest order is constant over its window, so the ends repeat the nearest one
      std::fill(to, to + half, to[half]);
      std::fill(to + half + whole, to + rows.frames, to[half + whole - 1]);
      relieve_memory();
    }
  }
}

LUMIR_KERNEL(weigh_neighbours);
LUMIR_KERNEL(append_deltas);

}  // namespace lumir::feature
