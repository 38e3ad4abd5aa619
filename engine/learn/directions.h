// Directions that rows are projected on: what PCA and IncrementalPCA share.

#pragma once

#include <string>
#include <vector>

#include "core/matrix.h"

namespace lumir::learn {

/// Turns each direction, a row, so that its largest number is positive: scikit-learn's choice of sign.
void orient(Matrix& directions);
/// How far rows lie along directions from the mean; over the roots of their variances, unless there are none.
Matrix along(const Matrix& directions, const Matrix& x, const std::vector<double>& mean,
             const std::vector<double>& variances);
/// "pca1", "pca2" ...
std::vector<std::string> direction_names(size_t count);

}  // namespace lumir::learn
