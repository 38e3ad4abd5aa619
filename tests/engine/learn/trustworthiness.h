// How well a projection keeps neighbours.

#pragma once

#include <algorithm>
#include <vector>

#include "learn/neighbours.h"

namespace lumir::tests {

/// How far points that are neighbours in the plane only lie apart in truth (Venna and Kaski, 2001), 1 is
/// best; as scikit-learn's `trustworthiness`.
inline double trustworthiness(const Matrix& x, const Matrix& points, size_t k) {
  const double n = static_cast<double>(x.rows), neighbours = static_cast<double>(k);
  const auto truth = learn::find_neighbours_within("trustworthiness", x, x.rows - 1);
  const auto drawn = learn::find_neighbours_within("trustworthiness", points, k);
  double penalty = 0;
  for (size_t i = 0; i < x.rows; ++i) {
    std::vector<double> rank(x.rows);
    for (size_t r = 0; r + 1 < x.rows; ++r) rank[static_cast<size_t>(truth.rows_of(i)[r])] = static_cast<double>(r + 1);
    for (const int j : drawn.rows_of(i)) penalty += std::max(0.0, rank[static_cast<size_t>(j)] - neighbours);
  }
  return 1 - penalty * 2 / (n * neighbours * (2 * n - 3 * neighbours - 1));
}

}  // namespace lumir::tests
