// See directions.h.

#include "learn/directions.h"

#include <algorithm>
#include <cmath>

#include "tensor/linear_algebra.h"

namespace lumir::learn {

void orient(Matrix& directions) {
  for (size_t c = 0; c < directions.rows; ++c) {
    const auto row = directions.row(c);
    const auto largest =
        std::max_element(row.begin(), row.end(), [](double a, double b) { return std::fabs(a) < std::fabs(b); });
    if (*largest >= 0) continue;
    for (double& value : row) value = -value;
  }
}

Matrix along(const Matrix& directions, const Matrix& x, const std::vector<double>& mean,
             const std::vector<double>& variances) {
  Matrix out = tensor::centred_multiply_transposed(x, mean, directions);
  for (size_t i = 0; i < out.rows; ++i) {
    for (size_t c = 0; c < variances.size(); ++c) out(i, c) /= std::max(std::sqrt(variances[c]), 1e-150);
  }
  return out;
}

std::vector<std::string> direction_names(size_t count) {
  std::vector<std::string> names;
  for (size_t c = 0; c < count; ++c) names.push_back("pca" + std::to_string(c + 1));
  return names;
}

}  // namespace lumir::learn
