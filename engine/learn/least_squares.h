// Least squares with a pull towards 0: what ridge classifiers and ridge regression solve.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

/// Each target as a weighted sum of the columns.
struct LeastSquares {
  Matrix coef;                    // [targets, columns]
  std::vector<double> intercept;  // of each target
};

/// `targets` is [rows, targets], `weights` has one for each row; `alpha` pulls all of `coef` towards 0. Throws
/// ArgumentError, begun by `who`, for a column whose squares are not finite.
LeastSquares least_squares(const std::string& who, const Matrix& x, const Matrix& targets,
                           const std::vector<double>& weights, double alpha, bool fit_intercept);

}  // namespace lumir::learn
