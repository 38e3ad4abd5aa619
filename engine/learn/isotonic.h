// Isotonic regression: the steps, never falling, that lie nearest to points.

#pragma once

#include <span>
#include <vector>

namespace lumir::learn {

/// Points between which it is straight.
struct Isotonic {
  std::vector<double> x, y;  // both ascending
  /// Outside the points that of the nearest.
  double operator()(double at) const;
};

/// Of points whose y are 0 to 1; `weights` may be empty. scikit-learn's IsotonicRegression.
Isotonic fit_isotonic(std::span<const double> x, std::span<const double> y, std::span<const double> weights = {});

}  // namespace lumir::learn
